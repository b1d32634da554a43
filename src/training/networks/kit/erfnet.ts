/** The pieces of ERFNet (Romera et al. 2018): downsamplers, factorised residual modules, the encoder. */
import { layers } from '@tensorflow/tfjs-layers'
import type { NetworkOptions } from '../define.ts'
import { checkWidth, on, type Parts, partsFor, type Value } from './parts.ts'

export type Rates = {
  readonly width: number
  /** Of the modules at an eighth of the size. */
  readonly dropout: number
  /** Of those at a quarter. */
  readonly earlyDropout: number
}

/** Whole channels are dropped, as in the authors' program. */
const drop = (x: Value, name: string, rate: number): Value =>
  rate > 0 ? on(layers.dropout({ rate, noiseShape: [null as never, 1, 1, x.shape[3]!], name }), x) : x

/** Half the size: a convolution of stride 2 beside a pool of the input, joined, then batch norm over both. */
export function downsample({ conv, normed, maxPool }: Parts, x: Value, name: string, channels: number): Value {
  const both = [conv(x, `${name}_conv`, channels - x.shape[3]!, 3, { strides: 2 }), maxPool(x, `${name}_pool`, 2, 'valid')]
  return normed(on(layers.concatenate({ name: `${name}_join` }), ...both), name)
}

/** Non-bottleneck-1D: two 3 x 3 convolutions, each as 3 x 1 and 1 x 3, the second dilated. */
export function factorised({ conv, norm, activate, normed }: Parts, x: Value, name: string, dropout: number, dilation = 1): Value {
  const channels = x.shape[3]!
  const half = (from: Value, part: string, rate: number): Value => {
    const column = activate(conv(from, `${part}_3x1`, channels, [3, 1], { dilation: [rate, 1] }), `${part}_3x1_act`)
    return conv(column, `${part}_1x3`, channels, [1, 3], { dilation: [1, rate] })
  }
  const first = normed(half(x, `${name}_a`, 1), `${name}_a`)
  const second = norm(half(first, `${name}_b`, dilation), `${name}_b_bn`)
  return activate(on(layers.add({ name: `${name}_add` }), drop(second, `${name}_dropout`, dropout), x), `${name}_act`)
}

export const partsOf = (options: NetworkOptions): Parts => partsFor(options, { epsilon: 1e-3, bias: true })

/** An eighth of the image's size, 128 channels at width 1 (Table I, layers 1 to 16). `keep`: the first stage keeps the size. */
export function encode(parts: Parts, input: Value, { width, dropout, earlyDropout }: Rates, keep = false): Value {
  const channels = (atWidth1: number): number => Math.floor(atWidth1 * width)
  // A downsampler's convolution makes what the pool does not.
  checkWidth('ERFNet', width, Math.min(channels(16) - (input.shape[3] ?? 1), channels(64) - channels(16)))
  let x = keep ? parts.normed(parts.conv(input, 'down1', channels(16), 3), 'down1') : downsample(parts, input, 'down1', channels(16))
  x = downsample(parts, x, 'down2', channels(64))
  for (let i = 1; i <= 5; i++) x = factorised(parts, x, `early${i}`, earlyDropout)
  x = downsample(parts, x, 'down3', channels(128))
  for (const [i, dilation] of [2, 4, 8, 16, 2, 4, 8, 16].entries()) x = factorised(parts, x, `deep${i + 1}`, dropout, dilation)
  return x
}
