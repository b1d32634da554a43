/** Layers as operations of the accelerator: shapes in height, width and depth, formats, memories, weights in their order. */
import { bytesPerElement, type DType, type Shape, size } from '../../../../graph/ir/graph.ts'
import type { Layer, LayerTensor } from '../define.ts'
import type { Memories } from './memories.ts'
import type { Lowering, Model } from './numbers.ts'
import {
  type Activation,
  type Dims,
  type FeatureMap,
  type Kernel,
  type Kind,
  type Operation,
  type Output,
  pointKernel,
} from './operation.ts'
import { softmax } from './softmax.ts'
import type { Source } from './weights/order.ts'

export type Lowered = {
  readonly op: Operation
  readonly source?: Source
  /** Bytes of a table that is brought before the operation. */
  readonly tableBytes?: number
}

export type Context = {
  readonly model: Model
  readonly memories: Memories
  /** Whether a tensor lies in rows, not in bricks of 16 channels. */
  linear(tensor: number): boolean
  memoryOf(tensor: number): Memories['arena']
}

/** NHWC, leading extents folded into the height. */
export function dimsOf(shape: Shape): Dims {
  const depth = shape.at(-1) ?? 1
  const width = shape.at(-2) ?? 1
  return [Math.max(1, size(shape) / depth / width), width, depth]
}

const bitsOf = (dtype: DType): number => bytesPerElement(dtype) * 8

function mapOf({ tensor, shape, dtype, constant }: LayerTensor, ctx: Context, dims = dimsOf(shape)): FeatureMap {
  if (constant) return { shape: dims, bits: bitsOf(dtype), format: 'nhwc', memory: ctx.memories.constants }
  return { shape: dims, bits: bitsOf(dtype), format: ctx.linear(tensor) ? 'nhwc' : 'nhcwb16', memory: ctx.memoryOf(tensor) }
}

const fact = ({ facts }: Layer, name: string): number => (typeof facts[name] === 'number' ? facts[name] : 1)

/** Pools that make one row or column have no stride along it. */
const kernelOf = (layer: Layer, kind: Kind, [rows, columns]: Dims): Kernel => ({
  height: fact(layer, 'kernelH'),
  width: fact(layer, 'kernelW'),
  strideY: kind === 'pooling' && rows === 1 ? 1 : fact(layer, 'strideH'),
  strideX: kind === 'pooling' && columns === 1 ? 1 : fact(layer, 'strideW'),
  dilationY: fact(layer, 'dilationH'),
  dilationX: fact(layer, 'dilationW'),
})

const activationOf = ({ facts: { fusedActivation = 'none' } }: Layer): Activation => (fusedActivation === 'none' ? 'none' : 'clamp')

/** Layouts in a file: output, row, column, input; one, row, column, output; output, input. */
function sourceOf(layer: Layer, kind: Kind): Source | undefined {
  const { weights } = layer
  if (!weights?.data) return undefined
  const data = weights.data as Int8Array
  const zero = weights.quant?.zero[0] ?? 0
  const [a = 1, h = 1, w = 1, d = 1] = weights.shape
  if (kind === 'depthwise' || spread(layer)) return { data, zero, strides: [1, w * d, d, 0], height: h, width: w, depth: 1 }
  if (kind === 'vector-product') {
    const depth = size(weights.shape) / a
    return { data, zero, strides: [depth, 0, 0, 1], height: 1, width: 1, depth }
  }
  return { data, zero, strides: [h * w * d, w * d, d, 1], height: h, width: w, depth: d }
}

const shapes: Readonly<Partial<Record<Lowering, readonly [Kind, Output]>>> = {
  convolution: ['convolution', 'other'],
  depthwise: ['depthwise', 'other'],
  'vector-product': ['vector-product', 'other'],
  'average-pool': ['pooling', 'other'],
  'max-pool': ['pooling', 'max-pool'],
  sum: ['elementwise', 'sum'],
  multiply: ['elementwise', 'multiply'],
  compare: ['elementwise', 'other'],
}

const plain = { activation: 'none', kernel: pointKernel, scaled: true, lutBytes: 0 } as const

/** A depthwise layer that makes several channels of one is a convolution. */
const spread = ({ facts }: Layer): boolean =>
  facts.inputChannels === 1 && typeof facts.depthMultiplier === 'number' && facts.depthMultiplier > 1

/** The operations of one layer; undefined where there is no price for it. */
export function lower(layer: Layer, how: Lowering, ctx: Context): readonly Lowered[] | undefined {
  const [x, second] = layer.inputs
  const y = layer.outputs[0]
  if (how === 'nothing' || !y) return []
  if (!x) return undefined
  if (how === 'softmax-chain') {
    const depth = x.shape.at(-1) ?? 1
    const { memories, model } = ctx
    const work = memories.staging
    const ends = [ctx.memoryOf(x.tensor), ctx.memoryOf(y.tensor)] as const
    return softmax(size(x.shape) / depth, depth, work, memories.constants, ends, model).map((op) => ({ op }))
  }
  if (how === 'plane-mean') return mean(layer, x, y, ctx)
  if (how === 'copy' || how === 'clamp' || how === 'table') {
    const table = how === 'table' ? 256 : 0
    const activation: Activation = table ? 'lut' : how === 'clamp' ? 'clamp' : 'none'
    const ifm = mapOf(x, ctx, dimsOf(y.shape))
    return [{ op: { ...plain, kind: 'pooling', output: 'other', activation, lutBytes: table, ifm, ofm: mapOf(y, ctx) }, tableBytes: table }]
  }
  const [kind, output] = shapes[spread(layer) && how === 'depthwise' ? 'convolution' : how]!
  const dense = kind === 'vector-product'
  const rows = dense ? fact(layer, 'rows') : 1
  const source = sourceOf(layer, kind)
  const op: Operation = {
    ...plain,
    kind,
    output,
    activation: activationOf(layer),
    kernel: dense || kind === 'elementwise' ? pointKernel : kernelOf(layer, kind, dimsOf(y.shape)),
    ifm: mapOf(x, ctx, dense ? [1, rows, fact(layer, 'inputChannels')] : undefined),
    ...(second && kind === 'elementwise' ? { ifm2: mapOf(second, ctx) } : {}),
    ofm: mapOf(y, ctx, dense ? [1, rows, fact(layer, 'outputChannels')] : undefined),
  }
  return [{ op, ...(source && { source }) }]
}

/** A mean over height and width: a depthwise sum with weights of one, then a product with the reciprocal of their number. */
function mean(layer: Layer, x: LayerTensor, y: LayerTensor, ctx: Context): readonly Lowered[] | undefined {
  const [height, width, depth] = dimsOf(x.shape)
  if (layer.facts.reducesChannels !== false || fact(layer, 'reducedElements') !== height * width) return undefined
  const { memories } = ctx
  const sums: FeatureMap = { shape: [1, 1, depth], bits: 32, format: 'nhcwb16', memory: memories.staging }
  const one: FeatureMap = { shape: [1, 1, 1], bits: 32, format: 'nhwc', memory: memories.constants }
  const ones = { data: new Int8Array(height * width * depth).fill(1), zero: 0, strides: [1, width * depth, depth, 0] } as const
  return [
    {
      op: { ...plain, kind: 'depthwise', output: 'other', kernel: { ...pointKernel, height, width }, ifm: mapOf(x, ctx), ofm: sums },
      source: { ...ones, height, width, depth: 1 },
    },
    { op: { ...plain, kind: 'elementwise', output: 'multiply', ifm: sums, ifm2: one, ofm: mapOf(y, ctx, [1, 1, depth]) } },
  ]
}
