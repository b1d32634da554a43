/** Tables of the page. */
import { html } from '../writers/escape.ts'

export type Cell = {
  readonly html: string
  /** To the right, and sorted by its value. */
  readonly number?: true
  readonly value?: number
  readonly name?: true
  /** Not to be broken over lines. */
  readonly whole?: true
}

/** Text of any source, escaped. */
export const cell = (text: string): Cell => ({ html: html(text) })

/** The name of a thing that others chose: its direction stays within it. */
export const nameCell = (text: string): Cell => ({ html: `<bdi>${html(text)}</bdi>`, name: true })

/** `shown` is HTML already; a cell without a value sorts last. */
export const number = (shown: string, value?: number): Cell => ({ html: shown, number: true, ...(value !== undefined && { value }) })

const classOf = ({ number: n, name, whole }: Cell) => (n ? ' class="n"' : name ? ' class="name"' : whole ? ' class="w"' : '')

const head = (c: Cell) => `<th scope="col"${classOf(c)}>${c.html}</th>`
const data = (c: Cell) => `<td${classOf(c)}${c.value === undefined ? '' : ` data-v="${c.value}"`}>${c.html}</td>`

export const rowsOf = (rows: readonly (readonly Cell[])[], attributes: (row: number) => string = () => ''): string =>
  rows.map((row, i) => `<tr${attributes(i)}>${row.map(data).join('')}</tr>`).join('\n')

/** In a box that scrolls sideways, and takes the keyboard for it. */
export const table = (label: string, heads: readonly Cell[], rows: readonly (readonly Cell[])[]): string =>
  `<div class="scroll" role="region" tabindex="0" aria-label="${html(label)}"><table><thead><tr>${heads.map(head).join('')}</tr></thead><tbody>${rowsOf(rows)}</tbody></table></div>`

export const headsOf = (heads: readonly Cell[]): string => `<thead><tr>${heads.map(head).join('')}</tr></thead>`

/** Two columns: a name and what it is. */
export const facts = (label: string, rows: readonly (readonly [string, string])[]): string =>
  `<table class="facts" aria-label="${html(label)}"><tbody>${rows.map(([name, value]) => `<tr><td>${html(name)}</td><td>${value}</td></tr>`).join('')}</tbody></table>`
