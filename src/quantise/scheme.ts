/** What a target asks of scales: how weights share them, where zero lies, and whether they are powers of two. */

export const weightScales = ['per-channel', 'per-tensor'] as const

export type Scheme = {
  /** One scale for each output channel of a weight, or one for all of it. */
  readonly weights: (typeof weightScales)[number]
  /** Activations with zero point 0; scales that an operator fixes stay as they are. */
  readonly symmetric: boolean
  /** Every scale that is not fixed by an operator is a power of two. */
  readonly powerOfTwo: boolean
}

/** The TFLite 8-bit quantisation specification. */
export const tfliteScheme: Scheme = { weights: 'per-channel', symmetric: false, powerOfTwo: false }

/** The scale itself, or the next power of two. */
export const allowedScale = (scale: number, { powerOfTwo }: Scheme): number =>
  Math.fround(powerOfTwo ? 2 ** Math.ceil(Math.log2(scale)) : scale)
