/** The difference of two accuracies on the same samples, with its 95 % interval (McNemar's pairs: only samples on which the two differ count). */

export type Paired = {
  /** Of a over b, in shares. */
  readonly difference: number
  readonly low: number
  readonly high: number
  /** Samples that only a, and only b, has right. */
  readonly onlyA: number
  readonly onlyB: number
}

/** Wald's interval for paired shares: the variance of the difference is (onlyA + onlyB - (onlyA - onlyB)² / n) / n². */
export function paired(a: readonly boolean[], b: readonly boolean[]): Paired {
  const n = a.length
  const onlyA = a.filter((right, i) => right && !b[i]).length
  const onlyB = b.filter((right, i) => right && !a[i]).length
  const difference = (onlyA - onlyB) / n
  const half = (1.96 * Math.sqrt(onlyA + onlyB - (onlyA - onlyB) ** 2 / n)) / n
  return { difference, low: difference - half, high: difference + half, onlyA, onlyB }
}
