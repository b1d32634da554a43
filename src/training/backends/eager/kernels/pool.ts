/** Gradients of pooling by our kernels, in the heap of tfjs. */
import * as tf from '@tensorflow/tfjs-core'
import { call } from '../../wasm/region.ts'
import type { Attributes, Shape4D } from '../compose/window.ts'
import type { Heap } from './heap.ts'

type Pooling = Attributes & { readonly filterSize: [number, number] | number }

function geometry(shape: Shape4D, { filterSize, strides, pad, dimRoundingMode }: Pooling): number[] {
  const p = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
  const window = [p.filterHeight, p.filterWidth, p.strideHeight, p.strideWidth, p.padInfo.top, p.padInfo.left]
  return [p.inHeight, p.inWidth, p.inChannels, p.outHeight, p.outWidth, ...window]
}

/** To the first largest of each window. */
export function maxPoolGradient(heap: Heap, x: tf.TensorInfo, y: tf.TensorInfo, dy: tf.TensorInfo, pooling: Pooling): tf.TensorInfo {
  const dx = heap.output(x.shape)
  const tensors = [x, y, dy, dx].map((tensor) => heap.region(tensor))
  heap.run([call('maxPoolGradient', ...tensors, ...geometry(x.shape as Shape4D, pooling), 0, x.shape[0]!)])
  return dx
}

/** Over what lies inside the image, as the forward pass averages; stock tfjs divides by the whole window here. */
export function averagePoolGradient(heap: Heap, x: tf.TensorInfo, dy: tf.TensorInfo, pooling: Pooling): tf.TensorInfo {
  const dx = heap.output(x.shape)
  heap.run([call('averagePoolGradient', heap.region(dy), heap.region(dx), ...geometry(x.shape as Shape4D, pooling), 0, x.shape[0]!)])
  return dx
}
