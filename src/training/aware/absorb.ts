/** Takes batch normalisation into the weights of the layers before it, for good: what remains of it is its beta, a bias. */
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers'
import { assert } from '../../errors.ts'
import { type Layer, topology } from '../backends/wasm/topology.ts'
import { absorbedOf } from './absorbed.ts'

type Norm = Record<'gamma' | 'beta' | 'movingMean' | 'movingVariance', LayerVariable | null> & { readonly epsilon: number }
type Linear = Partial<Record<'kernel' | 'depthwiseKernel' | 'bias', LayerVariable | null>>

const read = (variable: LayerVariable): Float32Array => variable.read().dataSync() as Float32Array
const write = (variable: LayerVariable, values: Float32Array): void =>
  tf.tidy(() => void variable.write(tf.tensor(values, variable.shape as number[])))

/**
 * The model computes the same, with moving statistics, to float rounding. The normalisation is left with gamma 1, mean 0 and the variance
 * 1 - epsilon: folding it again (graph/passes/fold-batch-norm.ts) multiplies by 1 within 2^-26, which gives every float32 weight back to the bit.
 */
export function absorb(model: LayersModel): void {
  const sites = topology(model)
  assert(typeof sites !== 'string', 'a model that absorbs is a plain graph')
  for (const [linear, norm] of absorbedOf(sites)) fold(sites[linear]!.layer, sites[norm]!.layer)
}

function fold(linear: Layer, norm: Layer): void {
  const { gamma, beta, movingMean, movingVariance, epsilon } = norm as unknown as Norm
  const { kernel, depthwiseKernel, bias } = linear as unknown as Linear
  const [mean, variance] = [read(movingMean!), read(movingVariance!)]
  const channels = mean.length
  const scale = gamma ? read(gamma) : new Float32Array(channels).fill(1)
  const gain = Float64Array.from(scale, (g, c) => g / Math.sqrt(variance[c]! + epsilon))
  const offset = bias ? read(bias) : new Float32Array(channels)
  const shift = Float32Array.from(read(beta!), (b, c) => b + (offset[c]! - mean[c]!) * gain[c]!)
  const weight = (kernel ?? depthwiseKernel)!
  // The output channel is the last axis, of a depthwise kernel the last two.
  write(
    weight,
    read(weight).map((w, i) => w * gain[i % channels]!),
  )
  write(beta!, shift)
  if (bias) write(bias, new Float32Array(channels))
  if (gamma) write(gamma, new Float32Array(channels).fill(1))
  write(movingMean!, new Float32Array(channels))
  write(movingVariance!, new Float32Array(channels).fill(1 - epsilon))
}
