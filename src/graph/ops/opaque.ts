/** An operator without a room: a file may hold it, so it is read, checked, laid out and named; nobody executes, quantises or writes it. */
import type { Attrs, Node, Shape } from '../ir/graph.ts'
import { type AnyOp, activation } from './define.ts'

export type OpaqueAttrs = {
  /** BuiltinOperator. */
  readonly code: number
  /** The name of a custom operator, empty for others. */
  readonly custom: string
  /** Shapes of the outputs as the file says them: no rule derives them. */
  readonly shapes: readonly Shape[]
}

/** Stands for every such operator; a node keeps the schema's name in kebab case as its `op`. */
export const opaque: AnyOp = {
  name: 'opaque',
  attrs: {},
  family: 'opaque',
  roles: { in: [], rest: activation, out: [], restOut: activation },
  infer: ({ shapes }: OpaqueAttrs) => [...shapes],
  macs: () => 0,
  facts: ({ custom }: OpaqueAttrs) => ({ custom }),
  float: () => {
    throw new Error('no kernel computes it')
  },
  examples: [],
}

export const isOpaque = ({ attrs }: { readonly attrs?: Attrs }): boolean => Array.isArray(attrs?.shapes)

export const opaqueNode = (op: string, attrs: OpaqueAttrs, inputs: readonly number[], outputs: readonly number[]): Node<OpaqueAttrs> => ({
  op,
  attrs,
  inputs,
  outputs,
})
