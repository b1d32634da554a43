/**
 * The arena that TensorFlow Lite for Microcontrollers needs for a graph: its greedy plan of the activations, what its kernels ask for,
 * and what it keeps for good. Sizes of structures are those of a 64-bit machine, where TFLM's own report can be held against ours
 * (equal to the byte for convolutions, dense layers, pools, sums, reshapes and softmax, tflite-micro of August and October 2026);
 * a 32-bit machine needs less, so the figure is a bound there.
 */
import { bytesPerElement, type Graph, type Node, size, type Tensor } from '../../graph/ir/graph.ts'
import { lifetimes } from '../../graph/memory/lifetimes.ts'
import { neighboursOf, place, type Range } from '../../graph/memory/place.ts'
import { type Family, roleOfInput } from '../../graph/ops/define.ts'
import { opOf } from '../../graph/ops/registry.ts'

export type TflmArena = {
  /** Activations and scratch of kernels, as TFLM's planner lays them. */
  readonly headBytes: number
  /** Structures, tables of multipliers, and other data that stay. */
  readonly persistentBytes: number
  /** What planning itself needs beside the persistent part, before the head is laid. */
  readonly planningBytes: number
  /** What an arena must have: the larger of both above the persistent part, and 16 for its alignment. */
  readonly bytes: number
}

/** Sizes of TFLM's structures, in bytes. */
const structures = { interpreter: 520, evalTensor: 24, node: 64, edgeTensor: 64 + 32, allocation: 32, planned: 40, scratchHandle: 8 }

/** Data of a kernel, and the parameters parsed from the file, by family: measured where TFLM's report was there to compare, else generous. */
const kernels: Readonly<Record<Family, { readonly data: number; readonly parameters: number }>> = {
  conv: { data: 80, parameters: 28 },
  depthwise: { data: 80, parameters: 28 },
  dense: { data: 80, parameters: 32 },
  pool: { data: 32, parameters: 40 },
  elementwise: { data: 64, parameters: 8 },
  lut: { data: 80, parameters: 16 },
  softmax: { data: 80, parameters: 4 },
  reduce: { data: 80, parameters: 8 },
  move: { data: 96, parameters: 40 },
  free: { data: 0, parameters: 36 },
  opaque: { data: 128, parameters: 64 },
}

const align = (bytes: number): number => Math.ceil(bytes / 16) * 16

export type TflmOptions = {
  /** CMSIS-NN's kernels ask for scratch that the reference kernels do not. */
  readonly kernels: 'reference' | 'cmsis-nn'
}

/** Of a graph that TFLM runs operator by operator. */
export function tflmArena(graph: Graph, { kernels: set }: TflmOptions): TflmArena {
  const scratch = graph.nodes.flatMap((node, n) => scratchOf(graph, node, set).map((bytes): Range => ({ start: n, end: n, bytes })))
  const maps = lifetimes(graph, { inPlace: [] })
    .map(({ tensors: [tensor], ...range }) => ({ tensor: tensor!, ...range }))
    .sort((a, b) => a.tensor - b.tensor)
  const headBytes = greedy([...maps, ...scratch])
  const { tensors, inputs, outputs, nodes } = graph
  const parts = { tensors: tensors.length, edges: inputs.length + outputs.length, nodes: nodes.length, scratch: scratch.length }
  const kernelBytes = nodes.reduce((sum, node) => sum + kernelOf(graph, node), 0)
  return arenaOf({ ...parts, headBytes, kernelBytes, planned: maps.length + scratch.length })
}

export type ArenaParts = {
  readonly tensors: number
  /** Inputs and outputs of the network. */
  readonly edges: number
  readonly nodes: number
  readonly scratch: number
  readonly planned: number
  readonly headBytes: number
  readonly kernelBytes: number
}

export function arenaOf({ tensors, edges, nodes, scratch, planned, headBytes, kernelBytes }: ArenaParts): TflmArena {
  const s = structures
  const fixed = s.interpreter + s.evalTensor * tensors + s.edgeTensor * edges + s.node * nodes + s.scratchHandle * scratch
  const persistentBytes = align(fixed + kernelBytes)
  const planningBytes = s.allocation * (tensors + scratch) + s.planned * planned
  return { headBytes, persistentBytes, planningBytes, bytes: align(persistentBytes + Math.max(headBytes, planningBytes)) + 16 }
}

/** Largest first, each at the lowest address that is free while it lives: the order and the fit of TFLM's GreedyMemoryPlanner. */
function greedy(given: readonly Range[]): number {
  const ranges = given.map((range) => ({ ...range, bytes: align(range.bytes) }))
  const order = ranges.map((_, i) => i).sort((a, b) => ranges[b]!.bytes - ranges[a]!.bytes || a - b)
  return place(ranges, neighboursOf(ranges), Int32Array.from(order), Number.POSITIVE_INFINITY).bytes
}

const weightsOf = (graph: Graph, node: Node): Tensor | undefined => {
  const i = node.inputs.findIndex((t, i) => t >= 0 && roleOfInput(opOf(node), i).role === 'weight')
  return i < 0 ? undefined : graph.tensors[node.inputs[i]!]
}

function kernelOf(graph: Graph, node: Node): number {
  const { family } = opOf(node)
  const { data, parameters } = kernels[family]
  const weights = weightsOf(graph, node)
  // Convolutions keep a multiplier and a shift for each channel, dense layers only where their scales differ.
  const channels = weights && (family !== 'dense' || weights.quant!.scale.length > 1) ? graph.tensors[node.outputs[0]!]!.shape.at(-1)! : 0
  return data + parameters + 2 * align(4 * channels)
}

/** Buffers that a kernel asks for while its node runs. */
function scratchOf(graph: Graph, node: Node, set: TflmOptions['kernels']): number[] {
  const { family } = opOf(node)
  const [x, y] = [graph.tensors[node.inputs[0]!]!, graph.tensors[node.outputs[0]!]!]
  if (family === 'reduce') return [4 * x.shape.length, 4 * x.shape.length, 4 * size(y.shape)]
  if (set === 'reference') return []
  const weights = weightsOf(graph, node)
  // The largest of CMSIS-NN's wrappers for any core (arm_nnfunctions.h, 6.0): two columns of 16-bit patches, or one plane of four columns.
  if (family === 'conv') return [4 * (size(weights!.shape.slice(1)) + 16)]
  if (family === 'depthwise') return [Math.max(2 * size(weights!.shape), 4 * 124 * size(weights!.shape.slice(1, 3)) + 4)]
  if (family === 'dense') return [4 * y.shape.at(-1)!]
  if (family === 'pool') return [4 * x.shape.at(-1)! * bytesPerElement(x.dtype)]
  return []
}
