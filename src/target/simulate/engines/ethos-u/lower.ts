/** Layers as operations of the accelerator: shapes in height, width and depth, formats, memories, weights in their order. */
import { type Shape, size } from '../../../../graph/ir/graph.ts'
import type { Layer } from '../define.ts'
import { border, enlarged, mean, phases } from './compound.ts'
import { fact, kernelOf, sourceOf, spread } from './kernel.ts'
import { activationOf, type Context, clampsApart, dimsOf, type Lowered, mapOf, plain } from './maps.ts'
import type { Lowering } from './numbers.ts'
import { type Activation, type Dims, type FeatureMap, type Kind, type Operation, type Output, pointKernel } from './operation.ts'
import { softmax, softmaxChained } from './softmax.ts'
import type { Source } from './weights/order.ts'

export const shapes: Readonly<Partial<Record<Lowering, readonly [Kind, Output]>>> = {
  'transposed-convolution': ['convolution', 'other'],
  convolution: ['convolution', 'other'],
  depthwise: ['depthwise', 'other'],
  'vector-product': ['vector-product', 'other'],
  'average-pool': ['pooling', 'other'],
  'max-pool': ['pooling', 'max-pool'],
  sum: ['elementwise', 'sum'],
  multiply: ['elementwise', 'multiply'],
  compare: ['elementwise', 'other'],
  'rough-compare': ['elementwise', 'other'],
}

/** The operations of one layer; undefined where there is no price for it. */
export function lower(layer: Layer, how: Lowering, ctx: Context): readonly Lowered[] | undefined {
  const [x, second] = layer.inputs
  const y = layer.outputs[0]
  if (how === 'nothing' || !y) return []
  if (!x) return undefined
  if (how === 'softmax-chain') {
    const depth = x.shape.at(-1) ?? 1
    const { staging, constants, arena } = ctx.memories
    const places = { work: staging, constants, input: mapOf(x, ctx), output: mapOf(y, ctx), unwritten: arena }
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
  if (how === 'convolution' && unrolls(layer)) return unrolled(op, source)
  const lowered: Lowered = {
    op: { ...op, ...(whole && { written: mapOf(whole, ctx) }) },
    ...(source && { source }),
    ...(kind === 'pooling' && { pools: true }),
  }
  if (!clampsApart(layer, ctx.model)) return [lowered]
  const flat: FeatureMap = { ...op.ofm, shape: flattened(y.shape) }
  return [
    { ...lowered, op: { ...op, activation: 'none' } },
    { op: { ...plain, kind: 'pooling', output: 'other', activation: op.activation, ifm: flat, ofm: flat } },
  ]
}

function flattened(shape: Shape): Dims {
  const places = size(shape) / 16
  let width = Math.floor(Math.sqrt(places))
  while (places % width !== 0) width--
  return [places / width, width, 16]
}

/** Strides that the accelerator does not have. */
const unrolls = ({ facts, outputs: [y] }: Layer): boolean => {
  const [rows, columns] = dimsOf(y?.shape ?? [])
  return facts.padded === false && ((Number(facts.strideH) > 3 && rows > 1) || (Number(facts.strideW) > 3 && columns > 1))
}

/** One operation for each pixel, and one for the activation of all. */
function unrolled(op: Operation, source: Source | undefined): readonly Lowered[] {
  const { kernel, ifm, ofm } = op
  const reach = (axis: 0 | 1, extent: number, dilation: number): number => Math.min((extent - 1) * dilation + 1, ifm.shape[axis])
  const window: Dims = [reach(0, kernel.height, kernel.dilationY), reach(1, kernel.width, kernel.dilationX), ifm.shape[2]]
  const pixel: Operation = { ...op, activation: 'none', ifm: { ...ifm, shape: window }, ofm: { ...ofm, shape: [1, 1, ofm.shape[2]] } }
  const pixels = Array.from(
    { length: ofm.shape[0] * ofm.shape[1] },
    (_, i): Lowered => ({ op: pixel, shared: true, again: i > 0, ...(source && { source }) }),
  )
  if (op.activation === 'none') return pixels
  return [...pixels, { op: { ...plain, kind: 'pooling', output: 'other', activation: op.activation, ifm: ofm, ofm } }]
}

/** A transposed convolution steps by one over an input with zeros between its pixels. */
function spreadOut(layer: Layer): Partial<Operation> {
  const stride = Math.max(fact(layer, 'strideH'), fact(layer, 'strideW'))
  const kernel = { ...pointKernel, height: fact(layer, 'kernelH'), width: fact(layer, 'kernelW') }
  return { kernel, ...(stride > 1 && { upscale: 'zeros' as const }) }
}

/** Rows of a dense layer as height and width, nearly square. */
function batched(rows: number): [number, number] {
  let width = Math.max(Math.floor(rows / 16), Math.ceil(Math.sqrt(rows)))
  while (rows % width !== 0) width++
  return [rows / width, width]
}
