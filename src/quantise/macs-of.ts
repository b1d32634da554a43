/** The multiply-accumulates of one inference: what a run over so many inputs costs. */
import type { Graph } from '../graph/ir/graph.ts'
import { operandsOf } from '../graph/ops/facts.ts'
import { opOf } from '../graph/ops/registry.ts'

export const macsOf = (graph: Graph): number =>
  graph.nodes.reduce((sum, node) => {
    const { inputs, outputs } = operandsOf(graph, node)
    return sum + opOf(node).macs(node.attrs, inputs as never, outputs)
  }, 0)
