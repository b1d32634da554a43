/** The interval that holds 95 % of bootstrap draws. */

export type Range = readonly [number, number]

/** Each draws the whole test set again. */
export const resamples = 200
export const seed = 1

export function intervalOf(values: readonly number[]): Range {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!
  return [at(0.025), at(0.975)]
}
