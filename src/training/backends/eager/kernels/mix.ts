/** An ensemble by our kernels: answers and slopes in one pass over the tensor, draws inside. */
import * as tf from '@tensorflow/tfjs-core'
import { threshold } from '../../../pea/draw.ts'
import type { Mixing } from '../../../pea/mix-tensor.ts'
import { activationArgs, activationOf } from '../../wasm/activation.ts'
import { type Arg, call, type Region } from '../../wasm/region.ts'
import type { Site } from '../../wasm/topology.ts'
import type { Heap } from './heap.ts'

/** The kernel's leading arguments, with alpha, threshold and key in `state`. */
function argsOf(heap: Heap, state: Region, { key, alpha, ...options }: Mixing): readonly Arg[] {
  const { view } = heap
  view.setFloat32(state.address, alpha, true)
  view.setInt32(state.address + 4, threshold(alpha), true)
  view.setInt32(state.address + 8, key ?? 0, true)
  const layer = { ...options, mix: key === undefined ? 'weighted' : 'stochastic' }
  return activationArgs(activationOf({ className: 'Ensemble', layer } as unknown as Site, () => state)!).forward
}

/** [y, slopes]; alpha below 1. */
export function mix(heap: Heap, x: tf.TensorInfo, mixing: Mixing): [tf.TensorInfo, tf.TensorInfo] {
  const [y, slopes] = [heap.output(x.shape), heap.output(x.shape)]
  const [state] = heap.scratch(4)
  const tensors = [x, y, slopes].map((tensor) => heap.region(tensor))
  heap.run([call('activate', ...argsOf(heap, state!, mixing), ...tensors, 0, tf.util.sizeFromShape(x.shape))])
  return [y, slopes]
}
