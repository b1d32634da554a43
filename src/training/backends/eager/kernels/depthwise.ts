/** Gradients of a depthwise convolution by our kernels, in the heap of tfjs; one output a channel. */
import type * as tf from '@tensorflow/tfjs-core'
import { filterGradient, inputGradient, mirror, scratchFloats, scratchFloatsBack } from '../../wasm/depthwise.ts'
import { call } from '../../wasm/region.ts'
import type { Attributes, Shape4D } from '../compose/window.ts'
import type { Heap } from './heap.ts'
import { windowOf } from './window.ts'

export function depthwiseInputGradient(
  heap: Heap,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  inputShape: Shape4D,
  attributes: Attributes,
): tf.TensorInfo {
  const [height, width, channels] = filter.shape as Shape4D
  const w = windowOf(inputShape, filter.shape as Shape4D, attributes, true)
  const dx = heap.output(inputShape)
  const [taps, image] = heap.scratch(height * width * channels, scratchFloatsBack(w, channels))
  heap.run([
    ...mirror(w, channels, heap.region(filter), taps!),
    ...inputGradient(w, channels, heap.region(dy), taps!, heap.region(dx), 0, inputShape[0], image!),
  ])
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
  const into = heap.region(dw)
  const [image] = heap.scratch(scratchFloats(w, channels))
  heap.run([
    call('fillZero', into, into.bytes),
    ...filterGradient(w, channels, heap.region(x), heap.region(dy), into, 0, x.shape[0]!, image!),
  ])
  return dw
}
