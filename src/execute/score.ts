/** Outputs against labels: accuracy, recall of each class, confusion. */
import { assert } from '../errors.ts'
import { topK } from './top-k.ts'

/** confusion[actual][predicted] are counts; recall of a class without samples is null. */
export type Score = {
  readonly samples: number
  /** 0 to 1; 0 where there are no samples. */
  readonly accuracy: number
  /** The same for a class among the five best; where there are more than five. */
  readonly top5?: number
  readonly recall: readonly (number | null)[]
  readonly confusion: readonly (readonly number[])[]
}

/** The index of the largest of `count` values from `at` on; a tie at the top goes to the lower class. */
export function argmax(values: ArrayLike<number>, at: number, count: number): number {
  let top = 0
  for (let k = 1; k < count; k++) if (values[at + k]! > values[at + top]!) top = k
  return top
}

/** `values` holds `classes` scores a sample, in any scale. */
export function score(values: ArrayLike<number>, labels: ArrayLike<number>, classes: number): Score {
  const samples = labels.length
  assert(values.length === samples * classes, `${values.length} scores are not ${samples} samples of ${classes} classes`)
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (let sample = 0; sample < samples; sample++) {
    const row = confusion[labels[sample]!]
    assert(row, `label ${labels[sample]} of sample ${sample} is none of ${classes} classes`)
    row[argmax(values, sample * classes, classes)]! += 1
  }
  const right = confusion.map((row, actual) => row[actual]!)
  const total = confusion.map((row) => row.reduce((a, b) => a + b, 0))
  return {
    samples,
    accuracy: samples === 0 ? 0 : right.reduce((a, b) => a + b, 0) / samples,
    ...(classes > 5 && { top5: topK(values, labels, classes, 5) }),
    recall: right.map((n, k) => (total[k] ? n / total[k]! : null)),
    confusion,
  }
}

/** The share of samples, 0 to 1, to which two networks give the same class; a tie at the top goes to the lower class. */
export function agreement(a: ArrayLike<number>, b: ArrayLike<number>, classes: number): number {
  assert(
    a.length === b.length && a.length % classes === 0,
    `${a.length} and ${b.length} scores are not the same samples of ${classes} classes`,
  )
  const samples = a.length / classes
  let agreed = 0
  for (let at = 0; at < a.length; at += classes) if (argmax(a, at, classes) === argmax(b, at, classes)) agreed++
  return samples === 0 ? 0 : agreed / samples
}
