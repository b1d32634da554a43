/** Initial weights from the counter-based generator: the same on every machine, thread and backend. */
import * as tf from '@tensorflow/tfjs-core'
import '../tensors.ts'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { key, normal } from '../../graph/math/random.ts'

/**
 * The standard deviation of a kernel's first draw, or undefined for what starts at a constant (biases, batch norm).
 * Convolutions: He et al. 2015 over the fan-out, a depthwise one over its own window; dense: 1 / sqrt(fan-in).
 */
function deviation(name: string, shape: readonly number[]): number | undefined {
  if (!/kernel/.test(name)) return undefined
  if (shape.length === 2) return Math.sqrt(1 / shape[0]!)
  const fanOut = shape[0]! * shape[1]! * shape[3]!
  return shape.length === 4 ? Math.sqrt(2 / fanOut) : undefined
}

/** Draws every kernel of the model anew; the stream of a weight is its index among the model's weights. */
export function drawWeights(model: LayersModel, seed: number): void {
  for (const [stream, weight] of model.weights.entries()) {
    const shape = weight.shape as number[]
    const spread = deviation(weight.originalName, shape)
    if (spread === undefined) continue
    const streamKey = key(seed, 'weights', stream)
    const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => spread * normal(streamKey, i))
    tf.tidy(() => void weight.write(tf.tensor(values, shape)))
  }
}
