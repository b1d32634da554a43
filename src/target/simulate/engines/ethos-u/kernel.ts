/** The kernel of a layer as the accelerator walks it, and its weights as they lie in the file. */
import { size } from '../../../../graph/ir/graph.ts'
import type { Layer } from '../define.ts'
import type { Dims, Kernel, Kind } from './operation.ts'
import type { Source } from './weights/order.ts'

/** A fact that is a number; 1 where the operator has none of that name. */
export const fact = ({ facts }: Layer, name: string): number => (typeof facts[name] === 'number' ? facts[name] : 1)

/** The accelerator steps over one element at most; a wider dilation becomes a larger kernel with zeros in it. */
const gapOf = (dilation: number): number => (dilation <= 2 ? 1 : dilation % 2 === 0 ? dilation / 2 : dilation)

/** Pools that make one row or column have no stride along it. */
export function kernelOf(layer: Layer, kind: Kind, [rows, columns]: Dims): Kernel {
  const [dilationH, dilationW] = [fact(layer, 'dilationH'), fact(layer, 'dilationW')]
  const [gapY, gapX] = [gapOf(dilationH), gapOf(dilationW)]
  return {
    height: (fact(layer, 'kernelH') - 1) * gapY + 1,
    width: (fact(layer, 'kernelW') - 1) * gapX + 1,
    strideY: kind === 'pooling' && rows === 1 ? 1 : fact(layer, 'strideH'),
    strideX: kind === 'pooling' && columns === 1 ? 1 : fact(layer, 'strideW'),
    dilationY: dilationH / gapY,
    dilationX: dilationW / gapX,
  }
}

/** A depthwise layer that makes several channels of one is a convolution. */
export const spread = ({ facts }: Layer): boolean =>
  facts.inputChannels === 1 && typeof facts.depthMultiplier === 'number' && facts.depthMultiplier > 1

/** Layouts in a file: output, row, column, input; one, row, column, output; output, input. */
export function sourceOf(layer: Layer, kind: Kind): Source | undefined {
  const { weights } = layer
  if (!weights?.data) return undefined
  const data = weights.data as Int8Array
  const zero = weights.quant?.zero[0] ?? 0
  const [a = 1, h = 1, w = 1, d = 1] = weights.shape
  if (kind === 'vector-product') {
    const depth = size(weights.shape) / a
    return { data, zero, strides: [depth, 0, 0, 1], height: 1, width: 1, gaps: [1, 1], depth }
  }
  const gaps = [gapOf(fact(layer, 'dilationH')), gapOf(fact(layer, 'dilationW'))] as const
  const extent = { height: (h - 1) * gaps[0] + 1, width: (w - 1) * gaps[1] + 1, gaps }
  if (kind === 'depthwise' || spread(layer)) return { data, zero, strides: [1, w * d, d, 0], ...extent, depth: 1 }
  return { data, zero, strides: [h * w * d, w * d, d, 1], ...extent, depth: d }
}
