/** Whether the right class is among the k best. */
import { assert } from '../errors.ts'

/**
 * The share of samples, 0 to 1, whose class is among the `k` with the largest scores; 0 without samples. `values` holds `classes`
 * scores a sample, in any scale; among equal ones the lower class comes first, as in `score`, whose accuracy this is at k = 1.
 */
export function topK(values: ArrayLike<number>, labels: ArrayLike<number>, classes: number, k: number): number {
  assert(values.length === labels.length * classes, `${values.length} scores are not ${labels.length} samples of ${classes} classes`)
  let right = 0
  for (let sample = 0; sample < labels.length; sample++) {
    const [at, label] = [sample * classes, labels[sample]!]
    const own = values[at + label]!
    let before = 0
    for (let c = 0; c < classes; c++) if (values[at + c]! > own || (values[at + c] === own && c < label)) before++
    if (before < k) right++
  }
  return labels.length === 0 ? 0 : right / labels.length
}
