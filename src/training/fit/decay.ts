/** Which weights decay, and by how much. */
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { weightsByName } from '../backends/weight-names.ts'
import type { Decay, WeightKind } from './define.ts'

/** By the words with which tfjs names the weights of its layers. */
export function kindOf(weightName: string): WeightKind {
  const last = weightName.slice(weightName.lastIndexOf('/') + 1)
  if (/^(gamma|beta|moving_)/.test(last)) return 'norm'
  if (/^depthwise_kernel/.test(last)) return 'depthwise'
  return /^bias/.test(last) ? 'bias' : 'kernel'
}

/** The decay of a weight by its name; 0 for a name that the model has not. */
export function decayOf(model: LayersModel, decay: Decay): (weightName: string) => number {
  const kinds = new Set(decay.kinds)
  const decaying = new Set([...weightsByName(model).keys()].filter((name) => kinds.has(kindOf(name))))
  return (name) => (decaying.has(name) ? decay.amount : 0)
}
