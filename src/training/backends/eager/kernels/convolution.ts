/** Gradients of a convolution by our kernels, in the heap of tfjs. */
import type * as tf from '@tensorflow/tfjs-core'
import {
  filterGradient,
  inputGradient,
  kernelGradient,
  packBack,
  panelFloatsBack,
  scratchFloats,
  scratchFloatsBack,
  sumFloats,
} from '../../wasm/convolve.ts'
import { call } from '../../wasm/region.ts'
import type { Attributes, Shape4D } from '../compose/window.ts'
import type { Heap } from './heap.ts'
import { windowOf } from './window.ts'

export function convolutionInputGradient(
  heap: Heap,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  inputShape: Shape4D,
  attributes: Attributes,
): tf.TensorInfo {
  const [, , inputs, outputs] = filter.shape as Shape4D
  const conv = { window: windowOf(inputShape, filter.shape as Shape4D, attributes, false), inputs, outputs }
  const dx = heap.output(inputShape)
  const [panels, image] = heap.scratch(panelFloatsBack(conv), scratchFloatsBack(conv))
  heap.run([
    ...packBack(conv, heap.region(filter), 0, panels!),
    ...inputGradient(conv, heap.region(dy), panels!, heap.region(dx), 0, inputShape[0], image!),
  ])
  return dx
}

export function convolutionFilterGradient(
  heap: Heap,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  filterShape: Shape4D,
  attributes: Attributes,
): tf.TensorInfo {
  const [, , inputs, outputs] = filterShape
  const conv = { window: windowOf(x.shape as Shape4D, filterShape, attributes, false), inputs, outputs }
  const dw = heap.output(filterShape)
  const into = heap.region(dw)
  const [sums, image] = heap.scratch(sumFloats(conv), scratchFloats(conv))
  heap.run([
    call('fillZero', sums!, 4 * sumFloats(conv)),
    ...filterGradient(conv, heap.region(x), heap.region(dy), sums!, 0, x.shape[0]!, image!),
    ...kernelGradient(conv, sums!),
    call('copyRows', sums!, into.bytes, into, into.bytes, into.bytes, 1),
  ])
  return dw
}
