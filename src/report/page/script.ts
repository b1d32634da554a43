/** The page's only script: the layer table sorts and filters; without it the table stands as it is. */
export const script = `'use strict'
const table = document.getElementById('layers')
if (table) {
  const body = table.tBodies[0]
  const rows = [...body.rows]
  const find = document.getElementById('find')
  const bound = document.getElementById('bound')
  const count = document.getElementById('count')
  document.querySelector('.filter').hidden = false
  const heads = [...table.tHead.rows[0].cells]
  heads.forEach((head, column) => {
    const button = document.createElement('button')
    button.type = 'button'
    button.append(...head.childNodes)
    head.append(button)
    button.addEventListener('click', () => {
      const numeric = head.classList.contains('n')
      const was = head.getAttribute('aria-sort')
      const down = was ? was === 'ascending' : numeric
      for (const other of heads) other.removeAttribute('aria-sort')
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending')
      const value = (row) => {
        const cell = row.cells[column]
        return numeric ? (cell.dataset.v === undefined ? NaN : Number(cell.dataset.v)) : cell.textContent
      }
      const order = (a, b) => {
        const x = value(a), y = value(b)
        if (numeric) return Number.isNaN(x) || Number.isNaN(y) ? Number.isNaN(x) - Number.isNaN(y) : down ? y - x : x - y
        return down ? y.localeCompare(x) : x.localeCompare(y)
      }
      body.append(...[...rows].sort(order))
    })
  })
  const filter = () => {
    const words = find.value.toLowerCase().split(' ').filter(Boolean)
    let shown = 0
    for (const row of rows) {
      const text = row.textContent.toLowerCase()
      row.hidden = !(words.every((word) => text.includes(word)) && (!bound.value || row.dataset.bound === bound.value))
      if (!row.hidden) shown++
    }
    count.textContent = shown + ' of ' + rows.length + ' layers'
  }
  find.addEventListener('input', filter)
  bound.addEventListener('change', filter)
}
`
