/** The steps of a sliding window, as Keras writes them. */
import { channelsLast, type LayerSpec, refusal } from './define.ts'

/** Strides, padding and dilation of a windowed layer; Keras writes one number or a pair. */
export function stepsOf(layer: LayerSpec) {
  channelsLast(layer)
  const { padding, strides = 1, dilationRate = 1 } = layer.config
  if (padding !== 'same' && padding !== 'valid') throw refusal(layer, `its padding is ${padding}`, 'use same or valid')
  const [strideH, strideW] = pair(strides)
  const [dilationH, dilationW] = pair(dilationRate)
  return { steps: { padding, strideH, strideW } as const, dilation: { dilationH, dilationW } }
}

export const pair = (value: number | readonly number[]): readonly [number, number] =>
  typeof value === 'number' ? [value, value] : [value[0]!, value[1] ?? value[0]!]
