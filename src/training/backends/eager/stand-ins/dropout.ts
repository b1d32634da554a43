/** Dropout with draws of the counter-based generator; tfjs would draw its own. */
import * as tf from '@tensorflow/tfjs-core'
import { bits, key } from '../../../../graph/math/random.ts'
import type { StandIn } from './define.ts'

export const dropout: StandIn = {
  className: 'Dropout',
  call(layer, stream, { seed, step }) {
    const { rate, noiseShape } = layer.getConfig() as { rate: number; noiseShape?: number[] | null }
    const below = Math.round(rate * 0x1000000)
    return (x) => {
      const drawn = key(seed, 'dropout', stream, step())
      const shape = noiseShape?.map((n, axis) => n ?? x.shape[axis]!) ?? x.shape
      const kept = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, e) =>
        bits(drawn, e) >>> 8 < below ? 0 : 1 / (1 - rate),
      )
      return tf.mul(x, tf.tensor(kept, shape))
    }
  },
}
