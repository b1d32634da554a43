/** Dilated convolution layers: the fused operation that tfjs takes for one has no gradient, and its depthwise layer leaves the dilation out. */
import * as tf from '@tensorflow/tfjs-core'
import type { StandIn } from './define.ts'

type Inside = {
  dilationRate: number[]
  dataFormat: string
  kernel: { read(): tf.Tensor4D }
  depthwiseKernel: { read(): tf.Tensor4D }
  bias: { read(): tf.Tensor } | null
  activation: { apply(x: tf.Tensor): tf.Tensor } | null
}

const dilated = ({ dilationRate, dataFormat }: Inside): boolean =>
  [dilationRate].flat().some((d) => d !== 1) && dataFormat !== 'channelsFirst'

/** What follows the convolution itself. */
function ended(y: tf.Tensor, { bias, activation }: Inside): tf.Tensor {
  const z = bias ? tf.add(y, bias.read()) : y
  return activation ? activation.apply(z) : z
}

export const convolution: StandIn = {
  className: 'Conv2D',
  call(layer) {
    const inside = layer as unknown as Inside
    const { strides, padding, dilationRate } = inside as unknown as { [name: string]: any }
    if (!dilated(inside)) return undefined
    return (x) => ended(tf.conv2d(x as tf.Tensor4D, inside.kernel.read(), strides, padding, 'NHWC', dilationRate), inside)
  },
}

export const depthwise: StandIn = {
  className: 'DepthwiseConv2D',
  inference: true,
  call(layer) {
    const inside = layer as unknown as Inside
    const { strides, padding, dilationRate } = inside as unknown as { [name: string]: any }
    if (!dilated(inside)) return undefined
    return (x) => ended(tf.depthwiseConv2d(x as tf.Tensor4D, inside.depthwiseKernel.read(), strides, padding, 'NHWC', dilationRate), inside)
  },
}
