/** Fits the efficiency of a target's array to latencies, and leaves each out in turn. */
import type { Graph } from '../../src/graph/ir/graph.ts'
import type { Network } from '../../src/target/simulate/engines/define.ts'
import { estimateSystolic } from '../../src/target/simulate/engines/systolic/estimate.ts'
import type { Systolic } from '../../src/target/simulate/engines/systolic/numbers.ts'
import { networkOf } from '../../src/target/simulate/layers.ts'

export type Anchor = { readonly network: Network; readonly ms: number }

/** Every operator on the accelerator. */
export function onAccelerator(graph: Graph<'quantised'>): Network {
  const nodes = graph.nodes.map(() => 'accelerator' as const)
  return networkOf(graph, { accelerator: nodes.length, cpu: 0, nodes })
}

export function latencyMs(network: Network, engine: Systolic, efficiency = engine.array.efficiency): number {
  const { layers, clockHz } = estimateSystolic(network, { ...engine, array: { ...engine.array, efficiency } }, {})
  return (layers.reduce((sum, { cycles }) => sum + cycles, 0) / clockHz) * 1000
}

/** The efficiency, in hundredths, with the least sum of squared logarithms of estimate over measurement. */
export function fitEfficiency(anchors: readonly Anchor[], engine: Systolic): number {
  const loss = (efficiency: number) =>
    anchors.reduce((sum, { network, ms }) => sum + Math.log(latencyMs(network, engine, efficiency) / ms) ** 2, 0)
  let best = { efficiency: 1, loss: Number.POSITIVE_INFINITY }
  for (let hundredths = 1; hundredths <= 100; hundredths++) {
    const tried = { efficiency: hundredths / 100, loss: loss(hundredths / 100) }
    if (tried.loss < best.loss) best = tried
  }
  return best.efficiency
}
