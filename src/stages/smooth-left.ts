/** Refuses a smooth activation that an accelerator does not have, before minutes are spent on a file that runs on the CPU. */
import { UserError } from '../errors.ts'
import { activations } from '../graph/activations/registry.ts'
import type { Graph } from '../graph/ir/graph.ts'
import { placeOf } from '../graph/ir/walk.ts'
import { hardSwish } from '../graph/ops/hard-swish.ts'
import { logistic } from '../graph/ops/logistic.ts'
import { mul } from '../graph/ops/mul.ts'
import { swish } from '../graph/ops/swish.ts'
import { tanh } from '../graph/ops/tanh.ts'
import type { Target } from '../target/profiles/schema.ts'

/** What swish is in a file. */
const written: Readonly<Record<string, readonly string[]>> = { [swish.name]: [logistic.name, mul.name] }

/** Activations that training may fade into ReLU, and their like. */
const smooth = new Set([
  ...[...activations.values()].filter(({ name, stripsTo }) => !stripsTo.includes(name as never)).map(({ name }) => name),
  ...[hardSwish.name, logistic.name, tanh.name],
])

/** The last node of a network may be smooth: nothing comes behind it. Throws UserError `smooth-activation`. */
export function requireNoSmooth(graph: Graph<'stripped'>, { name, support: { operators } }: Pick<Target, 'name' | 'support'>): void {
  const lacks = (op: string): boolean => operators !== 'all' && (written[op] ?? [op]).some((o) => !operators.includes(o))
  const left = graph.nodes
    .map(({ op, outputs }, n) => ({ op, outputs, place: placeOf(graph, n) }))
    .filter(({ op, outputs }) => smooth.has(op) && lacks(op) && !outputs.some((t) => graph.outputs.includes(t)))
  if (!left.length) return
  throw new UserError('smooth-activation', `${name} has no ${left[0]!.op}, and ${left.length} of it or its like are left in the network`, {
    found:
      left
        .slice(0, 4)
        .map(({ op, place }) => `${op} at ${place}`)
        .join(', ') + (left.length > 4 ? ', …' : ''),
    expected: 'activations that the accelerator runs, such as relu',
    hint: 'train with PEA, which fades it into ReLU, or pass --allow (deploy: --set quantise.allow=true) to let the CPU run it',
  })
}
