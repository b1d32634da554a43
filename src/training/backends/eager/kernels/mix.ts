/** An ensemble forward and backward by our kernels: one pass over the tensor, draws inside. */
import * as tf from '@tensorflow/tfjs-core'
import { threshold } from '../../../pea/draw.ts'
import type { Mixing } from '../../../pea/mix-tensor.ts'
import { activationArgs, activationOf } from '../../wasm/activation.ts'
import { type Arg, call, type Region } from '../../wasm/region.ts'
import type { Site } from '../../wasm/topology.ts'
import type { Heap } from './heap.ts'

/** The kernels' leading arguments, with alpha, threshold and key in `state`. */
function argsOf(heap: Heap, state: Region, { key, alpha, ...options }: Mixing): Arg[] {
  const { view } = heap
  view.setFloat32(state.address, alpha, true)
  view.setInt32(state.address + 4, threshold(alpha), true)
  view.setInt32(state.address + 8, key ?? 0, true)
  const layer = { ...options, mix: key === undefined ? 'weighted' : 'stochastic' }
  return activationArgs(activationOf({ className: 'Ensemble', layer } as unknown as Site, () => state)!)
}

export function mix(heap: Heap, x: tf.TensorInfo, mixing: Mixing): tf.TensorInfo {
  const y = heap.output(x.shape)
  const [state] = heap.scratch(4)
  heap.run([call('activate', ...argsOf(heap, state!, mixing), heap.region(x), heap.region(y), 0, tf.util.sizeFromShape(x.shape))])
  return y
}

export function mixGradient(heap: Heap, x: tf.TensorInfo, dy: tf.TensorInfo, mixing: Mixing): tf.TensorInfo {
  const dx = heap.output(x.shape)
  const [state] = heap.scratch(4)
  const tensors = [x, dy, dx].map((tensor) => heap.region(tensor))
  heap.run([call('activateGradient', ...argsOf(heap, state!, mixing), ...tensors, 0, tf.util.sizeFromShape(x.shape))])
  return dx
}
