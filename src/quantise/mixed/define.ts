/** What keeping some layers wider than int8 means. */

/** 16-bit activations with 8-bit weights (16x8), which TFLM computes; or float32, which no reference defines bit for bit. */
export const wideForms = ['int16', 'float32'] as const
export type WideForm = (typeof wideForms)[number]

export type MixedOptions = {
  /** The share of the network's multiply-accumulates, 0 to 1, that may be computed in the wide form. */
  readonly budget: number
  readonly keep: WideForm
}

/** A layer whose output stays wide, and why. */
export type WideLayer = {
  readonly name: string
  readonly op: string
  /** Signal to noise of the network when this layer alone is int8, in dB: what made it a candidate. */
  readonly aloneDb: number
  /** What keeping it gained on the calibration set, in dB. */
  readonly gainDb: number
}

export type Mixed = {
  readonly keep: WideForm
  readonly budget: number
  /** The share of multiply-accumulates that are wide now. */
  readonly share: number
  /** In the order in which they were chosen. */
  readonly layers: readonly WideLayer[]
}
