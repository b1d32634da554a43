/** Rewrites a graph: changes are noted in a draft, and a new graph comes out of it, without what nothing uses any more. */
import type { Graph, Node, Phase, Tensor } from './graph.ts'

/** Nodes and tensors are named by their index in the graph it was made of, which never changes. */
export class Draft<P extends Phase> {
  readonly graph: Graph<P>
  readonly tensors: Tensor[]
  readonly #nodes: Node[][]
  readonly #renamed = new Map<number, number>()

  constructor(graph: Graph<P>) {
    this.graph = graph
    this.tensors = [...graph.tensors]
    this.#nodes = graph.nodes.map((node) => [node])
  }

  /** Adds a tensor. It may have the name of one that goes; of two that stay, the later gets a number. */
  tensor(tensor: Tensor): number {
    return this.tensors.push(tensor) - 1
  }

  /** Puts these nodes in the place of node `n`; none removes it. */
  replace(n: number, ...nodes: Node[]): void {
    this.#nodes[n] = nodes
  }

  /** Whoever read tensor `from`, the graph's outputs included, reads `to`. */
  redirect(from: number, to: number): void {
    this.#renamed.set(from, to)
  }

  #now(tensor: number): number {
    let at = tensor
    for (let next = this.#renamed.get(at); next !== undefined; next = this.#renamed.get(at)) at = next
    return at
  }

  /** The new graph: dead nodes and tensors are gone, the order of the rest is kept. */
  finish(): Graph<P> {
    const nodes = this.#nodes.flat().map((node) => ({ ...node, inputs: node.inputs.map((t) => this.#now(t)) }))
    return named(compact({ ...this.graph, tensors: this.tensors, nodes, outputs: this.graph.outputs.map((t) => this.#now(t)) }))
  }
}

/** `name`, or the first of `name_1`, `name_2` … that is not taken. */
export function freeName(name: string, taken: { has(name: string): boolean }): string {
  let free = name
  for (let i = 1; taken.has(free); i++) free = `${name}_${i}`
  return free
}

/** Gives each tensor a name of its own; the first of a name keeps it. */
function named<P extends Phase>(graph: Graph<P>): Graph<P> {
  const taken = new Set<string>()
  const tensors = graph.tensors.map((tensor) => {
    const name = freeName(tensor.name, taken)
    taken.add(name)
    return name === tensor.name ? tensor : { ...tensor, name }
  })
  return { ...graph, tensors }
}

/** Drops nodes that no output depends on, and tensors that no node, input or output names. */
export function compact<P extends Phase>(graph: Graph<P>): Graph<P> {
  const wanted = new Set(graph.outputs)
  const nodes = graph.nodes
    .toReversed()
    .filter((node) => {
      const alive = node.outputs.some((t) => wanted.has(t))
      if (alive) for (const t of [...node.inputs, ...node.outputs]) wanted.add(t)
      return alive
    })
    .reverse()
  for (const t of graph.inputs) wanted.add(t)
  const kept = graph.tensors.map((_, t) => t).filter((t) => wanted.has(t))
  const at = new Map(kept.map((t, i) => [t, i]))
  const move = (list: readonly number[]) => list.map((t) => at.get(t) ?? -1)
  return {
    ...graph,
    tensors: kept.map((t) => graph.tensors[t]!),
    nodes: nodes.map((node) => ({ ...node, inputs: move(node.inputs), outputs: move(node.outputs) })),
    inputs: move(graph.inputs),
    outputs: move(graph.outputs),
  }
}
