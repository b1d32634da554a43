/** What an activation is: a real function, its derivative, and what is known of its range. */
export type Activation = {
  readonly name: string
  /** `beta` is Swish's slope; the others do not read it. */
  value(x: number, beta?: number): number
  /** At a kink the derivative from below. */
  derivative(x: number, beta?: number): number
  /** The least value, at beta = 1. */
  readonly least: number
  /** The largest value. */
  readonly most: number
  /** What may remain of it after `strip`: itself, or the piecewise linear functions that it fades into (Utasi 2022, Sec. 3). */
  readonly stripsTo: readonly ('relu' | 'relu6')[]
}
