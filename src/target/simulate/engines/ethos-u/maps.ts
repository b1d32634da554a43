/** Tensors of a layer as maps of the accelerator, and what lowering a layer asks of its surroundings. */
import { bytesPerElement, type DType, type Shape, size } from '../../../../graph/ir/graph.ts'
import type { Layer, LayerTensor } from '../define.ts'
import type { Memories } from './memories.ts'
import type { EthosU, Model } from './numbers.ts'
import { type Activation, type Dims, type FeatureMap, type Link, type Operation, pointKernel } from './operation.ts'
import type { Source } from './weights/order.ts'

export type Lowered = {
  readonly op: Operation
  readonly source?: Source
  /** Whether the operation before has the same weights. */
  readonly again?: boolean
  /** Whether neighbours have the same weights: they are then staged whole. */
  readonly shared?: boolean
  /** Bytes of a table that is brought before the operation. */
  readonly tableBytes?: number
  /** Whether it is a pooling of the network, not a copy or an activation that runs as one. */
  readonly pools?: boolean
}

export type Context = {
  readonly generation: EthosU['generation']
  readonly model: Model
  readonly memories: Memories
  /** Whether a tensor lies in rows, not in bricks of 16 channels. */
  linear(tensor: number): boolean
  /** The tensor in whose place this one lies: of a reshape its input, of a part the whole. */
  rootOf(tensor: number): number
  /** The joined tensor in which the accelerator writes this one to its place. */
  placed(tensor: number): LayerTensor | undefined
}

/** NHWC, leading extents folded into the height. */
export function dimsOf(shape: Shape): Dims {
  const depth = shape.at(-1) ?? 1
  const width = shape.at(-2) ?? 1
  return [Math.max(1, size(shape) / depth / width), width, depth]
}

export const bitsOf = (dtype: DType): number => bytesPerElement(dtype) * 8

export function mapOf({ tensor, shape, dtype, constant }: LayerTensor, ctx: Context, dims = dimsOf(shape)): FeatureMap {
  if (constant) return { shape: dims, bits: bitsOf(dtype), format: 'nhwc', memory: ctx.memories.constants }
  const format = ctx.linear(tensor) ? 'nhwc' : 'nhcwb16'
  return { shape: dims, bits: bitsOf(dtype), format, memory: ctx.memories.arena, tensor: ctx.rootOf(tensor) }
}

export const activationOf = ({ facts: { fusedActivation = 'none' } }: Layer): Activation => (fusedActivation === 'none' ? 'none' : 'clamp')

/** What most operations have in common. */
export const plain = { activation: 'none', kernel: pointKernel, scaled: true, lutBytes: 0 } as const

/** What an operation makes, and what its chain does: the estimator looks at one map of each operation, so the result is counted where the last one reads nothing, or has an activation. */
export function ends(
  { ofm }: Operation,
  chain: readonly Link[],
  written: FeatureMap,
  ctx: Context,
): Partial<Operation> & Pick<Operation, 'ofm'> {
  const end = chain.at(-1)
  if (!end) return { ofm: { ...written, shape: ofm.shape } }
  const counted = end.other === undefined || end.activation !== 'none'
  return { ofm: { ...ofm, memory: ctx.memories.arena }, chain, ...(counted && { written }) }
}

/** Regor 5.2 clamps a map of few channels on its own, sixteen elements at a time, as if they were channels. */
export const clampsApart = ({ facts, outputs: [y] }: Layer, model: Model): boolean =>
  model === 'regor-5.2' && (facts.fusedActivation ?? 'none') !== 'none' && !!y && (y.shape.at(-1) ?? 1) < 8 && size(y.shape) % 16 === 0
