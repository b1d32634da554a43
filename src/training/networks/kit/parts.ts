/** The parts of which networks are made: layers under names, kernels at zero, drawn afterwards. */
import * as tfl from '@tensorflow/tfjs-layers'
import { UserError } from '../../../errors.ts'
import type { NetworkOptions } from '../define.ts'

export type Value = tfl.SymbolicTensor

/** Applies a layer to one tensor, or to several. */
export const on = (layer: tfl.layers.Layer, ...inputs: Value[]): Value => layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as Value

export type Window = {
  readonly strides?: number
  readonly padding?: 'same' | 'valid'
  readonly dilation?: readonly [number, number]
  readonly bias?: boolean
}

export type Size = number | readonly [height: number, width: number]

const pair = (size: Size): [number, number] => (typeof size === 'number' ? [size, size] : [...size])

/** Images up to this many pixels a side keep their size through the stem, as is usual for small ones. */
const smallPixels = 64

export const isSmall = ({ inputShape: [height, width] }: NetworkOptions): boolean => Math.max(height, width) <= smallPixels

/** Throws UserError `network-too-narrow` where `channels`, the fewest of a network at this width, are none. */
export function checkWidth(network: string, width: number, channels: number): void {
  if (channels >= 1) return
  throw new UserError('network-too-narrow', `${network} at this width has a layer without channels.`, {
    found: String(width),
    expected: 'a larger width',
  })
}

/**
 * `epsilon` is batch norm's. Its momentum is PyTorch's 0.9: Keras's 0.99 leaves a mean of the last 100 steps, too slow for a
 * decaying rate on a small set. Convolutions have a bias where `bias` says so.
 */
export function partsFor(options: NetworkOptions, given: { readonly epsilon: number; readonly bias?: boolean }) {
  const conv = (x: Value, name: string, filters: number, size: Size, w: Window = {}): Value =>
    on(
      tfl.layers.conv2d({
        filters,
        kernelSize: pair(size),
        strides: w.strides ?? 1,
        padding: w.padding ?? 'same',
        ...(w.dilation && { dilationRate: [...w.dilation] as [number, number] }),
        useBias: w.bias ?? given.bias ?? false,
        kernelInitializer: 'zeros',
        name,
      }),
      x,
    )
  const depthwise = (x: Value, name: string, size: Size, w: Window = {}): Value =>
    on(
      tfl.layers.depthwiseConv2d({
        kernelSize: pair(size),
        strides: w.strides ?? 1,
        padding: 'same',
        useBias: w.bias ?? given.bias ?? false,
        depthwiseInitializer: 'zeros',
        name,
      }),
      x,
    )
  const norm = (x: Value, name: string): Value => on(tfl.layers.batchNormalization({ momentum: 0.9, epsilon: given.epsilon, name }), x)
  const activate = (x: Value, name: string): Value => on(options.activation(name), x)
  const dense = (x: Value, name: string, units: number): Value => on(tfl.layers.dense({ units, kernelInitializer: 'zeros', name }), x)
  const dropout = (x: Value, name: string, rate: number): Value => (rate > 0 ? on(tfl.layers.dropout({ rate, name }), x) : x)
  return {
    image: (): Value => tfl.input({ shape: [...options.inputShape], name: 'image' }),
    ...{ conv, depthwise, norm, activate, dense, dropout },
    /** Batch norm and activation behind a convolution of that name. */
    normed: (x: Value, name: string): Value => activate(norm(x, `${name}_bn`), `${name}_act`),
    maxPool: (x: Value, name: string, poolSize: number, padding: 'same' | 'valid' = 'same'): Value =>
      on(tfl.layers.maxPooling2d({ poolSize, strides: 2, padding, name }), x),
    /** Global average pooling, dropout where its rate is above 0, the last dense layer. */
    classify: (x: Value, rate = 0): Value =>
      dense(dropout(on(tfl.layers.globalAveragePooling2d({ name: 'pool' }), x), 'dropout', rate), 'logits', options.classes),
    /** A softmax over the last axis ends the model. */
    model: (input: Value, logits: Value, name: string): tfl.LayersModel =>
      tfl.model({ inputs: input, outputs: on(tfl.layers.activation({ activation: 'softmax', name: 'softmax' }), logits), name }),
  }
}

export type Parts = ReturnType<typeof partsFor>
