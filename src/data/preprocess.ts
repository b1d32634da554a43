/** The preprocessing contract: written once, carried in the model file's metadata, applied in training, calibration, evaluation and on a device. */

/** From a uint8 RGB image to the network's input: resize, reorder, then x = (pixel * scale - mean[c]) / deviation[c]. */
export type Preprocess = {
  readonly height: number
  readonly width: number
  readonly colour: 'rgb' | 'bgr' | 'grey'
  readonly resize: 'none' | 'bilinear'
  readonly scale: number
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}
