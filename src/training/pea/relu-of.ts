/** What of a tfjs layer is a ReLU or ReLU6. */
import type { layers } from '@tensorflow/tfjs-layers'
import { type Base, bases } from './define.ts'
import type { Replaced } from './ensemble.ts'

/** Classes whose `activation` is the last thing that they do. */
const carriers = ['Conv1D', 'Conv2D', 'Conv2DTranspose', 'Conv3D', 'DepthwiseConv2D', 'SeparableConv2D', 'Dense']

type Inside = {
  readonly activation?: { getClassName(): string } | null
  readonly maxValue?: number | null
  readonly negativeSlope?: number
  readonly threshold?: number
}

/** Undefined for a leaky one, for one with a threshold, and for one that clips elsewhere than at 6. */
export function reluOf(layer: layers.Layer): { readonly base: Base; readonly place: Replaced } | undefined {
  const className = layer.getClassName()
  const { activation, maxValue, negativeSlope, threshold } = layer as unknown as Inside
  if (className === 'ReLU') {
    if (negativeSlope || threshold || ![undefined, null, 6].includes(maxValue)) return undefined
    return { base: maxValue === 6 ? 'relu6' : 'relu', place: 'layer' }
  }
  const base = bases.find((name) => name === activation?.getClassName())
  if (!base || (className !== 'Activation' && !carriers.includes(className))) return undefined
  return { base, place: className === 'Activation' ? 'activation' : 'fused' }
}
