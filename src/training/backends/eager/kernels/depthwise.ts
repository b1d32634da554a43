/** Gradients of a depthwise convolution by our kernels, in the heap of tfjs; one output a channel. */
import type * as tf from '@tensorflow/tfjs-core'
import { padded } from '../../wasm/convolve.ts'
import { at, call, type Draft } from '../../wasm/region.ts'
import { mirrored, paddedSize, type Window } from '../../wasm/window.ts'
import type { Attributes, Shape4D } from '../compose/window.ts'
import type { Heap } from './heap.ts'
import { windowOf } from './window.ts'

/** Steps in bytes for kernels/depthwise.as.ts. */
function steps(w: Window, channels: number, width: number): number[] {
  const pixel = channels * 4
  return [w.kernelH, w.kernelW, w.dilationH * width * pixel, w.dilationW * pixel, w.strideH * width * pixel, w.strideW * pixel]
}

const roomOf = (w: Window, channels: number): number => paddedSize(w).height * paddedSize(w).width * channels

export function depthwiseInputGradient(
  heap: Heap,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  inputShape: Shape4D,
  attributes: Attributes,
): tf.TensorInfo {
  const [height, width, channels] = filter.shape as Shape4D
  const w = windowOf(inputShape, filter.shape as Shape4D, attributes, true)
  const back = mirrored(w)
  const dx = heap.output(inputShape)
  const [from, to] = [heap.region(dy), heap.region(dx)]
  const [taps, image] = heap.scratch(height * width * channels, roomOf(back, channels))
  const calls: Draft[] = [call('mirrorTaps', heap.region(filter), taps!, height * width, channels)]
  for (let n = 0; n < inputShape[0]; n++) {
    const view = padded(back, channels, from, n, image!, w.strideH, w.strideW)
    const out = at(to, n * w.inH * w.inW * channels * 4)
    calls.push(...view.calls, call('depthwise', view.image, taps!, 0, out, w.inH, w.inW, channels, ...steps(back, channels, view.width)))
  }
  heap.run(calls)
  return dx
}

export function depthwiseFilterGradient(
  heap: Heap,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  filterShape: Shape4D,
  attributes: Attributes,
): tf.TensorInfo {
  const channels = filterShape[2]
  const w = windowOf(x.shape as Shape4D, filterShape, attributes, true)
  const dw = heap.output(filterShape)
  const [from, gradient, into] = [heap.region(x), heap.region(dy), heap.region(dw)]
  const [image] = heap.scratch(roomOf(w, channels))
  const calls: Draft[] = [call('fillZero', into, into.bytes)]
  for (let n = 0; n < x.shape[0]!; n++) {
    const view = padded(w, channels, from, n, image!)
    const out = at(gradient, n * w.outH * w.outW * channels * 4)
    calls.push(...view.calls, call('depthwiseFilter', view.image, out, into, w.outH, w.outW, channels, ...steps(w, channels, view.width)))
  }
  heap.run(calls)
  return dw
}
