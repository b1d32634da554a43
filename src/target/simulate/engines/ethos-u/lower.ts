/** Layers as operations of the accelerator: shapes in height, width and depth, formats, memories, weights in their order. */
import { bytesPerElement, type DType, type Shape, size } from '../../../../graph/ir/graph.ts'
import type { Layer, LayerTensor } from '../define.ts'
import { fact, kernelOf, sourceOf, spread } from './kernel.ts'
import type { Memories } from './memories.ts'
import type { EthosU, Lowering, Model } from './numbers.ts'
import { type Activation, type Dims, type FeatureMap, type Kind, type Link, type Operation, type Output, pointKernel } from './operation.ts'
import { softmax, softmaxChained } from './softmax.ts'
import type { Source } from './weights/order.ts'

export type Lowered = {
  readonly op: Operation
  readonly source?: Source
  /** Bytes of a table that is brought before the operation. */
  readonly tableBytes?: number
}

export type Context = {
  readonly generation: EthosU['generation']
  readonly model: Model
  readonly memories: Memories
  /** Whether a tensor lies in rows, not in bricks of 16 channels. */
  linear(tensor: number): boolean
  memoryOf(tensor: number): Memories['arena']
  /** The joined tensor in which the accelerator writes this one to its place. */
  placed(tensor: number): LayerTensor | undefined
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

const activationOf = ({ facts: { fusedActivation = 'none' } }: Layer): Activation => (fusedActivation === 'none' ? 'none' : 'clamp')

const shapes: Readonly<Partial<Record<Lowering, readonly [Kind, Output]>>> = {
  'transposed-convolution': ['convolution', 'other'],
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

/** The operations of one layer; undefined where there is no price for it. */
export function lower(layer: Layer, how: Lowering, ctx: Context): readonly Lowered[] | undefined {
  const [x, second] = layer.inputs
  const y = layer.outputs[0]
  if (how === 'nothing' || !y) return []
  if (!x) return undefined
  if (how === 'softmax-chain') {
    const depth = x.shape.at(-1) ?? 1
    const { staging, constants, arena } = ctx.memories
    const places = { work: staging, constants, input: ctx.memoryOf(x.tensor), output: ctx.memoryOf(y.tensor), unwritten: arena }
    const rows = size(x.shape) / depth
    return (ctx.generation === 'u85' ? softmaxChained(rows, depth, places) : softmax(rows, depth, places, ctx.model)).map((op) => ({ op }))
  }
  if (how === 'plane-mean') return mean(layer, x, y, ctx)
  if (how === 'join') {
    // What the accelerator makes is written to its place in the whole; what comes from elsewhere is copied there.
    return layer.inputs
      .filter(({ tensor }) => !ctx.placed(tensor))
      .map(
        (part): Lowered => ({
          op: {
            ...plain,
            kind: 'pooling',
            output: 'other',
            copies: true,
            ifm: mapOf(part, ctx),
            ofm: { ...mapOf(y, ctx), shape: dimsOf(part.shape) },
          },
        }),
      )
  }
  if (how === 'transposed-convolution' && ctx.generation === 'u85') return phases(layer, x, y, ctx)
  if (how === 'border') return border(layer, x, y, ctx)
  if (how === 'upscale' || how === 'blend') return enlarged(how === 'blend', x, y, ctx)
  if (how === 'copy' || how === 'rough-copy' || how === 'slice' || how === 'clamp' || how === 'table') {
    // In Regor a table on its own is no fused activation, and pays no rate of its own.
    const table = how === 'table' ? 256 : 0
    const activation: Activation = table && ctx.model === 'legacy' ? 'lut' : how === 'clamp' ? 'clamp' : 'none'
    const ifm = mapOf(x, ctx, dimsOf(y.shape))
    return [
      {
        op: {
          ...plain,
          kind: 'pooling',
          output: 'other',
          activation,
          lutBytes: table,
          copies: how === 'rough-copy' || how === 'slice',
          ifm,
          ofm: mapOf(y, ctx),
        },
        tableBytes: table,
      },
    ]
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
    ...(how === 'transposed-convolution' && spreadOut(layer)),
    ifm: mapOf(x, ctx, dense ? [...batched(rows), fact(layer, 'inputChannels')] : undefined),
    ...(second && kind === 'elementwise' ? { ifm2: mapOf(second, ctx) } : {}),
    ofm: mapOf(y, ctx, dense ? [...batched(rows), fact(layer, 'outputChannels')] : undefined),
  }
  // On a U85 the estimator counts the whole of a joined map for each part that is clamped.
  const whole = ctx.generation === 'u85' && op.activation !== 'none' ? ctx.placed(y.tensor) : undefined
  const lowered: Lowered = { op: { ...op, ...(whole && { written: mapOf(whole, ctx) }) }, ...(source && { source }) }
  if (!clampsApart(layer)) return [lowered]
  const flat: FeatureMap = { ...op.ofm, shape: flattened(y.shape) }
  return [
    { ...lowered, op: { ...op, activation: 'none' } },
    { op: { ...plain, kind: 'pooling', output: 'other', activation: op.activation, ifm: flat, ofm: flat } },
  ]
}

/** A map of few channels is clamped on its own, sixteen elements at a time, as if they were channels. */
export const clampsApart = ({ facts, outputs: [y] }: Layer): boolean =>
  (facts.fusedActivation ?? 'none') !== 'none' && !!y && (y.shape.at(-1) ?? 1) < 8 && size(y.shape) % 16 === 0

function flattened(shape: Shape): Dims {
  const places = size(shape) / 16
  let width = Math.floor(Math.sqrt(places))
  while (places % width !== 0) width--
  return [places / width, width, 16]
}

/** A transposed convolution steps by one over an input with zeros between its pixels. */
function spreadOut(layer: Layer): Partial<Operation> {
  const stride = Math.max(fact(layer, 'strideH'), fact(layer, 'strideW'))
  const kernel = { ...pointKernel, height: fact(layer, 'kernelH'), width: fact(layer, 'kernelW') }
  return { kernel, ...(stride > 1 && { upscale: 'zeros' as const }) }
}

/** On a U85 a transposed convolution is a plain one for each phase of its strides, with the rows and columns of the kernel that meet it. */
function phases(layer: Layer, x: LayerTensor, y: LayerTensor, ctx: Context): readonly Lowered[] {
  const [ifm, ofm, source] = [mapOf(x, ctx), mapOf(y, ctx), sourceOf(layer, 'convolution')]
  const along = (axis: 0 | 1) => {
    const [stride, extent] =
      axis === 0 ? [fact(layer, 'strideH'), fact(layer, 'kernelH')] : [fact(layer, 'strideW'), fact(layer, 'kernelW')]
    const grown = (ofm.shape[axis] - ifm.shape[axis] * stride) / 2
    const before = Math.max(0, Math.floor((extent - stride) / 2 - Math.max(0, grown)))
    return Array.from({ length: stride }, (_, phase) => {
      const first = (phase + before) % stride
      return { phase, stride, first, taps: Math.max(1, Math.ceil((extent - first) / stride)) }
    })
  }
  return along(0).flatMap((row) =>
    along(1).map((column): Lowered => {
      const [height, width] = [row.taps, column.taps]
      const shape: Dims = [ofm.shape[0] - row.phase, ofm.shape[1] - column.phase, ofm.shape[2]]
      const kernel = { ...pointKernel, height, width }
      const op: Operation = {
        ...plain,
        kind: 'convolution',
        output: 'other',
        activation: activationOf(layer),
        kernel,
        ifm,
        ofm: { ...ofm, shape },
      }
      if (!source) return { op }
      const [o, h, w, i] = source.strides
      const data = (source.data as Int8Array).subarray(row.first * h + column.first * w)
      return { op, source: { ...source, data, height, width, strides: [o, h * row.stride, w * column.stride, i] } }
    }),
  )
}

/** A copy, and a fill for each side of each axis. */
function border(layer: Layer, x: LayerTensor, y: LayerTensor, ctx: Context): readonly Lowered[] {
  const whole = mapOf(y, ctx)
  const copy = (ifm: FeatureMap, shape: Dims): Lowered => ({
    op: { ...plain, kind: 'pooling', output: 'other', copies: true, ifm: { ...ifm, shape }, ofm: { ...whole, shape } },
  })
  const paddings = layer.parameters?.[0] ?? []
  const fill: FeatureMap = { ...whole, format: 'nhwc', memory: ctx.memories.constants }
  const sides = (axis: 0 | 1 | 2) => {
    const added = whole.shape[axis] - dimsOf(x.shape)[axis]
    const before = paddings.at(2 * axis - 6) ?? 0
    return [before, added - before]
      .filter((extent) => extent > 0)
      .map((extent) => copy(fill, whole.shape.with(axis, extent) as unknown as Dims))
  }
  return [copy(mapOf(x, ctx), dimsOf(x.shape)), ...sides(2), ...sides(1), ...sides(0)]
}

/** One operation on a U85; on U55 and U65 a pool over an input whose pixels are doubled, once for each factor of two. */
function enlarged(blends: boolean, x: LayerTensor, y: LayerTensor, ctx: Context): readonly Lowered[] {
  const [ifm, ofm] = [mapOf(x, ctx), mapOf(y, ctx)]
  if (ctx.generation === 'u85') return [{ op: { ...plain, kind: 'enlarging', output: 'other', ifm, ofm } }]
  const factor = Math.max(ofm.shape[0] / ifm.shape[0], ofm.shape[1] / ifm.shape[1])
  const ops: Lowered[] = []
  let from = ifm
  for (let done = 2; done <= factor; done *= 2) {
    const last = done * 2 > factor
    const shape: Dims = [Math.min(from.shape[0] * 2, ofm.shape[0]), Math.min(from.shape[1] * 2, ofm.shape[1]), ofm.shape[2]]
    const to: FeatureMap = last ? ofm : { ...ofm, shape, format: 'nhcwb16', memory: ctx.memories.staging }
    const size = last && blends ? factor : 1
    ops.push({
      op: {
        ...plain,
        kind: 'pooling',
        output: 'other',
        kernel: { ...pointKernel, height: size, width: size },
        upscale: 'pixels',
        ifm: from,
        ofm: to,
      },
    })
    from = to
  }
  return ops
}

/** Rows of a dense layer as height and width, nearly square. */
function batched(rows: number): [number, number] {
  let width = Math.max(Math.floor(rows / 16), Math.ceil(Math.sqrt(rows)))
  while (rows % width !== 0) width++
  return [rows / width, width]
}

/** A mean over height and width: a depthwise sum with weights of one, then a product with the reciprocal of their number. */
function mean(layer: Layer, x: LayerTensor, y: LayerTensor, ctx: Context): readonly Lowered[] | undefined {
  const [height, width, depth] = dimsOf(x.shape)
  if (layer.facts.reducesChannels !== false || fact(layer, 'reducedElements') !== height * width) return undefined
  const { memories } = ctx
  const sums: FeatureMap = { shape: [1, 1, depth], bits: 32, format: 'nhcwb16', memory: memories.staging }
  const one: FeatureMap = { shape: [1, 1, 1], bits: 32, format: 'nhwc', memory: memories.constants }
  const product: Operation = { ...plain, kind: 'elementwise', output: 'multiply', ifm: sums, ifm2: one, ofm: mapOf(y, ctx, [1, 1, depth]) }
  const scaling: Link = { output: 'multiply', activation: 'none', binary: true, bits: { input: 32, output: product.ofm.bits }, other: one }
  const ones = { data: new Int8Array(height * width * depth).fill(1), zero: 0, strides: [1, width * depth, depth, 0] } as const
  return [
    {
      op: {
        ...{ ...plain, kind: 'depthwise', output: 'other', kernel: { ...pointKernel, height, width }, ifm: mapOf(x, ctx), ofm: sums },
        ...(ctx.generation === 'u85' && ends({ ...product, ofm: sums }, [scaling], product.ofm, ctx)),
      },
      source: { ...ones, height, width, gaps: [1, 1], depth: 1 },
    },
    ...(ctx.generation === 'u85' ? [] : [{ op: product }]),
  ]
}

/** Bytes of a table of one value for each int8. */
const TABLE = 256

/** The operations of layers that run as one: tables are fused to what comes before; other layers are chained to the last operation of the first (U85). */
export function lowerChain(layers: readonly Layer[], hows: readonly Lowering[], ctx: Context): readonly Lowered[] | undefined {
  const lowered = lower(layers[0]!, hows[0]!, ctx)
  const last = lowered?.at(-1)
  if (!lowered || !last) return undefined
  const links: Link[] = [...(last.op.chain ?? [])]
  let activation = last.op.activation
  layers.slice(1).forEach((layer, i) => {
    const how = hows[i + 1]!
    const fused = how === 'table' ? 'lut' : how === 'clamp' ? 'clamp' : undefined
    if (!fused) links.push(linkOf(layer, layers[i]!, shapes[how]![1], ctx))
    else if (links.length > 0) links[links.length - 1] = { ...links.at(-1)!, activation: fused }
    else activation = fused
  })
  const tabled = hows.slice(1).includes('table')
  const written = mapOf(layers.at(-1)!.outputs[0]!, ctx)
  const op: Operation = { ...last.op, activation, ...(tabled && { lutBytes: TABLE }), ...ends(last.op, links, written, ctx) }
  // Only a table of its own is waited for.
  return [...lowered.slice(0, -1), { ...last, op }]
}

/** What an operation makes, and what its chain does: the estimator looks at one map of each operation, so the result is counted where the last one reads nothing, or has an activation. */
function ends({ ofm }: Operation, chain: readonly Link[], written: FeatureMap, ctx: Context): Partial<Operation> & Pick<Operation, 'ofm'> {
  const end = chain.at(-1)
  if (!end) return { ofm: { ...written, shape: ofm.shape } }
  const counted = end.other === undefined || end.activation !== 'none'
  return { ofm: { ...ofm, memory: ctx.memories.arena }, chain, ...(counted && { written }) }
}

function linkOf(layer: Layer, before: Layer, output: Output, ctx: Context): Link {
  const passed = before.outputs[0]!
  const other = layer.inputs.find(({ tensor }) => tensor !== passed.tensor)
  return {
    output,
    activation: activationOf(layer),
    binary: layer.inputs.length > 1,
    bits: { input: bitsOf(passed.dtype), output: bitsOf(layer.outputs[0]!.dtype) },
    ...(other && { other: mapOf(other, ctx) }),
  }
}
