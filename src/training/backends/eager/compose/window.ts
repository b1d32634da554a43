/** The window of a convolution as tfjs states it, and where its gradients place the output's gradient. */
import * as tf from '@tensorflow/tfjs-core'
import type { Edges } from './place.ts'

export type Shape4D = [number, number, number, number]
export type Attributes = {
  readonly strides: [number, number] | number
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly dilations?: [number, number] | number
}
export type Window = tf.backend_util.Conv2DInfo

export const windowOf = (input: Shape4D, filter: Shape4D, attributes: Attributes, depthwise: boolean): Window =>
  tf.backend_util.computeConv2DInfo(
    input,
    filter,
    attributes.strides,
    attributes.dilations ?? 1,
    attributes.pad,
    attributes.dimRoundingMode,
    depthwise,
  )

/** Padding after which a convolution of stride 1 with the turned filter over the spread gradient gives the input's gradient. */
export function edgesOfInputGradient(w: Window, spreadShape: readonly number[]): Edges {
  const reachY = (w.filterHeight - 1) * w.dilationHeight
  const reachX = (w.filterWidth - 1) * w.dilationWidth
  const top = reachY - w.padInfo.top
  const left = reachX - w.padInfo.left
  return { top, left, bottom: w.inHeight + reachY - spreadShape[1]! - top, right: w.inWidth + reachX - spreadShape[2]! - left }
}

/** Padding after which every tap of the filter reads inside the input, and no row more. */
export function edgesOfFilterGradient(w: Window): Edges {
  const rows = (w.outHeight - 1) * w.strideHeight + (w.filterHeight - 1) * w.dilationHeight + 1
  const columns = (w.outWidth - 1) * w.strideWidth + (w.filterWidth - 1) * w.dilationWidth + 1
  const { top, left } = w.padInfo
  return { top, left, bottom: rows - w.inHeight - top, right: columns - w.inWidth - left }
}
