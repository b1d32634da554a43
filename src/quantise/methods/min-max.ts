/** The widest values seen: never clips, and one outlier costs resolution. */
import type { Method } from './define.ts'

export const minMax: Method = {
  name: 'min-max',
  says: 'keeps every value seen',
  range: ({ min, max }) => ({ min, max }),
}
