/** The confusion matrix of the int8 file: what it takes for what. */
import { shown } from '../writers/escape.ts'
import { percent } from '../writers/words.ts'
import { type Chart, narrow, type Spec } from './define.ts'

/** Above this many classes a cell is smaller than a pixel; the list of confusions stands alone then. */
const mostClasses = 100

/** Up to this many, names fit beside the cells. */
const mostNames = 24

export const confusion: Chart = {
  section: 'accuracy',
  title: 'Confusion matrix of the int8 file',
  of: ({ data, int8 }) => {
    const what = int8.pixels === undefined ? `${int8.samples} test images` : 'pixels of the test images'
    const n = int8.confusion.length
    if (n < 2 || n > mostClasses) return undefined
    const named = n <= mostNames
    const nameOf = (c: number) => (named ? `${c} ${shown(data.classes[c] ?? '', 18)}` : `${c}`)
    const values = int8.confusion.flatMap((row, actual) => {
      const total = row.reduce((a, b) => a + b, 0)
      return row.flatMap((count, predicted) =>
        count ? [{ a: nameOf(actual), p: nameOf(predicted), share: count / total, count, right: actual === predicted }] : [],
      )
    })
    const domain = Array.from({ length: n }, (_, c) => nameOf(c))
    const every = Math.ceil(n / 22)
    return {
      caption: `Each row is a class of the ${what}, each column what the file said; the darker, the larger the share of the row. On the diagonal (blue) it is right, which is ${percent(int8.accuracy)} of all; elsewhere (orange) it is wrong.`,
      spec: (width): Spec => {
        const side = Math.min(width, named ? 620 : 560)
        const labels = width < narrow ? domain.filter((_, c) => c % Math.max(every, 4) === 0) : domain.filter((_, c) => c % every === 0)
        const axis = { labelLimit: width < narrow ? 110 : 220, values: labels, ticks: false, domain: false, zindex: 0 }
        return {
          width: side,
          height: side,
          autosize: { type: 'fit', contains: 'padding' },
          data: { values },
          mark: { type: 'rect' },
          encoding: {
            x: {
              field: 'p',
              type: 'nominal',
              sort: null,
              scale: { domain, paddingInner: 0.06 },
              title: 'predicted',
              axis: { ...axis, labelAngle: named ? -50 : 0, grid: true },
            },
            y: {
              field: 'a',
              type: 'nominal',
              sort: null,
              scale: { domain, paddingInner: 0.06 },
              title: 'actual',
              axis: { ...axis, grid: true },
            },
            color: { field: 'right', type: 'nominal', scale: { domain: [true, false], range: ['var(--c1)', 'var(--c2)'] }, legend: null },
            opacity: { field: 'share', type: 'quantitative', scale: { type: 'sqrt', domain: [0, 1], range: [0.12, 1] }, legend: null },
          },
        }
      },
    }
  },
}
