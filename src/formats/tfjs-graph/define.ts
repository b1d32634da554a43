/** What a node of a graph model is, and how one becomes operators. */
import { UserError } from '../../errors.ts'
import type { Shape } from '../../graph/ir/graph.ts'
import type { Growth } from '../grow.ts'

/** Attributes of TensorFlow's protocol buffers in JSON, decoded; each reader gives the fallback where the attribute is absent. */
export type NodeAttrs = {
  text(name: string, fallback: string): string
  number(name: string, fallback: number): number
  flag(name: string, fallback: boolean): boolean
  numbers(name: string): readonly number[]
  texts(name: string): readonly string[]
  /** Unknown extents are -1; undefined where the rank is not known. */
  shape(name: string): Shape | undefined
}

export type GraphNode = {
  readonly name: string
  readonly op: string
  /** Names of nodes, control inputs left out. Of several outputs only the first is ever read. */
  readonly inputs: readonly string[]
  readonly attrs: NodeAttrs
}

/** A tensor of the growing graph, or a constant that has not entered it. */
export type Value =
  | { readonly tensor: number }
  | { readonly constant: { readonly name: string; readonly shape: Shape; readonly data: Float32Array | Int32Array } }

/** Adds operators and says which tensor is the node's output. One file each, one line in `nodes/index.ts`. */
export type NodeImporter = {
  readonly ops: readonly string[]
  add(node: GraphNode, inputs: readonly Value[], graph: Growth): Value
}

/** Why a node cannot be imported; its name and operator stand in the message. */
export const refusal = (node: GraphNode, why: string, hint: string): UserError =>
  new UserError('unsupported-operator', `node ${node.name} (${node.op}) cannot be imported: ${why}`, { found: node.op, hint })
