/** Prices a graph on a target: cycles of each layer, the arena, the weights, and what the figures leave out. */
import type { Graph, Node } from '../../graph/ir/graph.ts'
import { placeOf } from '../../graph/ir/walk.ts'
import { planArena } from '../../graph/memory/arena.ts'
import { planRanges } from '../../graph/memory/plan.ts'
import { opOf } from '../../graph/ops/registry.ts'
import { place } from '../check/place.ts'
import type { Estimate, LayerEstimate } from '../define.ts'
import type { Target } from '../profiles/schema.ts'
import { withoutBorders } from './borders.ts'
import { changeOf } from './changes.ts'
import type { Network, Priced, SimulateOptions } from './engines/define.ts'
import { estimateEthosU } from './engines/ethos-u/estimate.ts'
import { estimateLinear } from './engines/linear/estimate.ts'
import { estimateSystolic } from './engines/systolic/estimate.ts'
import { withJoined } from './joined.ts'
import { networkOf, originalWeightBytes } from './layers.ts'
import { rightToLeft } from './order.ts'

/** One line per kind of engine. */
function price({ engine }: Target, network: Network, options: SimulateOptions): Priced {
  if (engine.kind === 'ethos-u') return estimateEthosU(network, engine, options)
  if (engine.kind === 'systolic') return estimateSystolic(network, engine, options)
  return estimateLinear(network, engine, options)
}

/** A graph as the machine runs it, remembered: its own estimates know it again. `order` gives the node of the file for each of its nodes. */
type Run = { readonly graph: Graph; readonly order: readonly number[] }
const none: ReadonlyMap<number, number> = new Map()
const runs = new WeakMap<Graph, Run>()

function runOf(graph: Graph, { engine }: Target): Run {
  if (engine.kind !== 'ethos-u') return { graph, order: graph.nodes.map((_, n) => n) }
  const known = runs.get(graph)
  if (known) return known
  const { ops, families } = engine.operations
  const how = (node: Node) => ops[node.op] ?? families[opOf(node).family]
  const convolves = (node: Node) => how(node) === 'convolution' || how(node) === 'depthwise'
  const { graph: bare, gone } = withoutBorders(graph, { pads: (node) => how(node) === 'border', convolves })
  const order = rightToLeft(bare, (node) => how(node) === 'join').filter((n) => !gone.has(n))
  const run: Run = { graph: { ...bare, nodes: order.map((n) => bare.nodes[n]!) }, order }
  runs.set(graph, run)
  return run
}

/** Layers in the order of the file; what runs within another layer costs nothing. */
function inFileOrder(graph: Graph, { order }: Run, layers: readonly LayerEstimate[]): LayerEstimate[] {
  const at = new Map(order.map((node, i) => [node, layers[i]!]))
  return graph.nodes.map(
    (node, n) => at.get(n) ?? { name: placeOf(graph, n), op: node.op, macs: 0, cycles: 0, boundBy: 'fixed', terms: {} },
  )
}

/**
 * The estimate of one inference. Throws UserError `unknown-model`, `unknown-system-config` or `unknown-memory-mode`.
 * A layer without a price is named in `unpriced`, and the total is then too small.
 */
export function simulate(graph: Graph, target: Target, options: SimulateOptions = {}): Estimate {
  const { placement } = place(graph, target)
  const run = runOf(graph, target)
  const network = networkOf(run.graph, { ...placement, nodes: run.order.map((n) => placement.nodes[n]!) })
  const {
    model,
    clockHz,
    layers,
    encodedWeightBytes,
    mapBytes,
    joined = none,
    placed = none,
    buffers,
    ranges,
    notes,
    unpriced,
    besides,
  } = price(target, network, options)
  const totalCycles = layers.reduce((sum, { cycles }) => sum + cycles, 0)
  return {
    target: target.name,
    model,
    clockHz,
    totalCycles,
    latencyMs: (totalCycles / clockHz) * 1000,
    arenaBytes: ranges
      ? planRanges(ranges).bytes
      : planArena(joined.size + placed.size > 0 ? withJoined(run.graph, { joined, placed }) : run.graph, {
          inPlace: target.memory?.inPlace ?? ['free'],
          bytesOf: mapBytes,
          beside: buffers,
        }).bytes,
    weightBytes: encodedWeightBytes,
    originalWeightBytes: originalWeightBytes(network),
    macs: layers.reduce((sum, { macs }) => sum + macs, 0),
    layers: inFileOrder(graph, run, layers).map(withChange),
    notes: [...notes, ...target.notes.map(({ says, evidence }) => `${says} (${evidence.source})`)],
    unpriced,
    complete: unpriced.length === 0,
    ...(besides && { besides }),
  }
}

function withChange(layer: LayerEstimate): LayerEstimate {
  const change = changeOf(layer.boundBy)
  return change === undefined ? layer : { ...layer, change }
}

/** The estimates of one network on many targets, in their order: what they share of the network is looked at once. */
export const simulateAll = (graph: Graph, targets: readonly Target[], options: SimulateOptions = {}): Estimate[] =>
  targets.map((target) => simulate(graph, target, options))
