/** What an engine is: a kind of machine that prices the layers of a graph with a target's numbers. */
import type { DType, Shape, Tensor } from '../../../graph/ir/graph.ts'
import type { Range } from '../../../graph/memory/place.ts'
import type { Family } from '../../../graph/ops/define.ts'
import type { Facts } from '../../../graph/ops/facts.ts'
import type { Besides, LayerEstimate } from '../../define.ts'

/** A tensor as a layer meets it. */
export type LayerTensor = { readonly tensor: number; readonly shape: Shape; readonly dtype: DType; readonly constant: boolean }

/** One node as an engine sees it: which operator it is matters to the target's tables only. */
export type Layer = {
  readonly node: number
  readonly name: string
  readonly op: string
  readonly family: Family
  readonly macs: number
  readonly place: 'accelerator' | 'cpu' | 'folded'
  readonly facts: Facts
  /** Feature maps, without weights, biases and indices. */
  readonly inputs: readonly LayerTensor[]
  readonly outputs: readonly LayerTensor[]
  readonly weights?: Tensor
  /** Values of constant inputs that are no data: paddings, axes, sizes. */
  readonly parameters?: readonly (readonly number[])[]
}

export type Network = {
  readonly layers: readonly Layer[]
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  /** Bytes of feature maps alive at each node. */
  readonly usage: readonly number[]
}

export type SimulateOptions = {
  /** Which estimator is followed; the target names its own and the default. */
  readonly model?: string
  readonly systemConfig?: string
  readonly memoryMode?: string
}

export type Priced = {
  readonly model: string
  readonly clockHz: number
  readonly layers: readonly LayerEstimate[]
  readonly encodedWeightBytes: number
  /** Bytes that a feature map takes on the machine. */
  mapBytes(tensor: number): number
  /** Nodes that run as part of an earlier one, by node: what lies between them is never stored. */
  readonly joined?: ReadonlyMap<number, number>
  /** Tensors that are written to their place in a larger one, and that one. */
  readonly placed?: ReadonlyMap<number, number>
  /** Buffers that lie in the arena beside the maps, in half steps: node n runs from 2n to 2n + 1. */
  readonly buffers: readonly Range[]
  /** All that lies in the arena and when, where the engine planned it itself: then nothing of the graph counts. */
  readonly ranges?: readonly Range[]
  readonly notes: readonly string[]
  /** Names of layers that have no price: their cycles are missing from the total. */
  readonly unpriced: readonly string[]
  /** Terms apart from the cycles of the layers. */
  readonly besides?: Besides
}

/** Throws UserError for an option that the target does not know. */
export type Engine<Numbers> = (network: Network, numbers: Numbers, options: SimulateOptions) => Priced
