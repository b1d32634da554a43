/** Mixed precision: within a budget, the layers that cost the network most in int8 are kept wide, each only if that helps. */
import type { Graph } from '../../graph/ir/graph.ts'
import { consumers } from '../../graph/ir/walk.ts'
import { operandsOf } from '../../graph/ops/facts.ts'
import { opOf } from '../../graph/ops/registry.ts'
import { type Proof, part, sqnrDb } from '../proof.ts'
import { sensitivity } from '../sensitivity.ts'
import type { Mixed, MixedOptions, WideLayer } from './define.ts'
import { canWiden, widen } from './widen.ts'

/** Inputs on which layers are compared: 16-bit and float nodes run on plain kernels. */
const trial = 24

/** Layers that are tried, the most sensitive first. */
const tries = 24

/** What a layer must gain in dB. */
const worthDb = 0.05

/**
 * A layer's output stays wide where the nodes that read it are wide as well, so both count against the budget. Which layers: in the
 * order of what each costs the network when it alone is int8. The graph is `int8` itself where nothing helps.
 */
export function chooseMixed(
  folded: Graph<'folded'>,
  int8: Graph<'quantised'>,
  proof: Proof,
  { budget, keep }: MixedOptions,
): { readonly graph: Graph<'quantised'>; readonly mixed: Mixed } {
  const some = part(proof, trial)
  const macs = int8.nodes.map((node) => {
    const { inputs, outputs } = operandsOf(int8, node)
    return opOf(node).macs(node.attrs, inputs as never, outputs)
  })
  const total = macs.reduce((a, b) => a + b, 0)
  const shareOf = (nodes: ReadonlySet<number>): number => (total ? [...nodes].reduce((sum, n) => sum + macs[n]!, 0) / total : 0)
  const readers = consumers(int8)
  const makers = new Map(int8.nodes.map(({ outputs }, n) => [int8.tensors[outputs[0]!]!.name, n]))
  const candidates = sensitivity(folded, int8, some.inputs)
    .filter(({ sqnrDb: db }) => Number.isFinite(db))
    .sort((a, b) => a.sqnrDb - b.sqnrDb)
    .slice(0, tries)
  let best = { graph: int8, nodes: new Set<number>() as ReadonlySet<number>, score: sqnrDb(int8, some) }
  const layers: WideLayer[] = []
  for (const { name, op, sqnrDb: aloneDb } of candidates) {
    const n = makers.get(name)!
    const unit = [n, ...int8.nodes[n]!.outputs.flatMap((t) => readers[t]!)].filter((m) => canWiden(int8, m, keep))
    const nodes = new Set([...best.nodes, ...unit])
    if (!unit.includes(n) || nodes.size === best.nodes.size || shareOf(nodes) > budget) continue
    const graph = widen(folded, int8, nodes, keep)
    const score = sqnrDb(graph, some)
    if (score <= best.score + worthDb) continue
    layers.push({ name, op, aloneDb, gainDb: score - best.score })
    best = { graph, nodes, score }
  }
  return { graph: best.graph, mixed: { keep, budget, share: shareOf(best.nodes), layers } }
}
