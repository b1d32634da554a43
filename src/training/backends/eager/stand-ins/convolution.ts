/** A dilated convolution layer: the fused operation that tfjs takes for it has no gradient. */
import * as tf from '@tensorflow/tfjs-core'
import type { StandIn } from './define.ts'

type Inside = {
  dilationRate: number[]
  strides: number[]
  padding: 'same' | 'valid'
  dataFormat: string
  kernel: { read(): tf.Tensor4D }
  bias: { read(): tf.Tensor } | null
  activation: { apply(x: tf.Tensor): tf.Tensor } | null
}

export const convolution: StandIn = {
  className: 'Conv2D',
  call(layer) {
    const inside = layer as unknown as Inside
    if (inside.dilationRate.every((d) => d === 1) || inside.dataFormat === 'channelsFirst') return undefined
    return (x) => {
      const { kernel, strides, padding, dilationRate, bias, activation } = inside
      const y = tf.conv2d(x as tf.Tensor4D, kernel.read(), strides as [number, number], padding, 'NHWC', dilationRate as [number, number])
      const z = bias ? tf.add(y, bias.read()) : y
      return activation ? activation.apply(z) : z
    }
  },
}
