/** From the nodes of a graph model to an imported graph of batch 1. */
import { UserError } from '../../errors.ts'
import type { Graph, Shape } from '../../graph/ir/graph.ts'
import { validate } from '../../graph/ops/validate.ts'
import { Growth } from '../grow.ts'
import { type GraphNode, type NodeImporter, refusal, type Value } from './define.ts'
import * as all from './nodes/index.ts'
import type { Constant } from './weights.ts'

const importers: ReadonlyMap<string, NodeImporter> = new Map(Object.values(all).flatMap((i) => i.ops.map((op) => [op, i] as const)))

export type GraphModel = {
  readonly name: string
  readonly nodes: ReadonlyMap<string, GraphNode>
  readonly constants: ReadonlyMap<string, Constant>
  /** Names of nodes; where none is given, those that nobody reads. */
  readonly outputs: readonly string[]
}

/** Throws UserError `unsupported-operator`, `unknown-shape`, `shapes-do-not-fit`, `missing-weight` and `unreadable-model`. */
export function importGraph({ name, nodes, constants, outputs }: GraphModel): Graph<'imported'> {
  const [growth, values] = [new Growth(), new Map<string, Value>()]
  for (const node of nodes.values())
    if (node.op === 'Placeholder') values.set(node.name, { tensor: growth.input(node.name, inputShape(node)) })
  const read = new Set([...nodes.values()].flatMap(({ inputs }) => inputs))
  const wanted = outputs.length ? outputs : [...nodes.keys()].filter((n) => !read.has(n) && nodes.get(n)!.op !== 'NoOp')
  for (const node of inOrder(wanted, nodes)) if (!values.has(node.name)) values.set(node.name, imported(node, values, constants, growth))
  const made = wanted.map((output) => values.get(output)!)
  if (!growth.tensors.length || made.some((value) => 'constant' in value))
    throw unreadable('it has no input, or an output that depends on none')
  return validate(
    growth.finish(
      name,
      made.map((value) => ('tensor' in value ? value.tensor : -1)),
      {},
    ),
  )
}

const unreadable = (why: string, cause?: unknown): UserError =>
  new UserError('unreadable-model', `the graph makes no sense: ${why}`, { cause })

function inputShape(node: GraphNode): Shape {
  const extents = node.attrs.shape('shape')?.slice(1) ?? []
  if (extents.length && extents.every((n) => Number.isInteger(n) && n > 0 && n <= 2 ** 16)) return [1, ...extents]
  throw new UserError('unknown-shape', `the input ${node.name} has no fixed shape`, {
    found: `[${node.attrs.shape('shape') ?? '?'}]`,
    expected: 'height, width and channels that are known before the model runs',
  })
}

/** What the outputs depend on, each node behind its inputs. */
function inOrder(outputs: readonly string[], nodes: ReadonlyMap<string, GraphNode>): GraphNode[] {
  const [order, open, stack] = [new Map<string, GraphNode>(), new Set<string>(), [...outputs]]
  for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
    if (order.has(name)) continue
    const node = nodes.get(name)
    if (!node) throw unreadable(`there is no node ${name}`)
    const missing = node.inputs.filter((input) => !order.has(input))
    if (missing.length && open.has(name)) throw unreadable(`node ${name} waits for itself`)
    open.add(name)
    if (missing.length) stack.push(name, ...missing)
    else order.set(name, node)
  }
  return [...order.values()]
}

function imported(node: GraphNode, values: ReadonlyMap<string, Value>, constants: ReadonlyMap<string, Constant>, growth: Growth): Value {
  if (node.op === 'Const') {
    const constant = constants.get(node.name)
    if (constant) return { constant }
    throw new UserError('missing-weight', `the weight files do not hold the constant ${node.name}`, { hint: 'convert the model again' })
  }
  const importer = importers.get(node.op)
  if (!importer) throw refusal(node, 'its operator is not known', `known operators: ${[...importers.keys()].join(', ')}`)
  try {
    return importer.add(
      node,
      node.inputs.map((input) => values.get(input)!),
      growth,
    )
  } catch (cause) {
    throw cause instanceof UserError ? cause : unreadable(`node ${node.name} (${node.op}): ${(cause as Error).message}`, cause)
  }
}
