/** The places where nodes read activations. Edges have scales, not tensors alone: where the two differ, a QUANTIZE goes between. */
import type { Graph, Node } from '../graph/ir/graph.ts'
import { carriesFeatures, type Role, roleOfInput, roleOfOutput } from '../graph/ops/define.ts'
import { opOf } from '../graph/ops/registry.ts'

export type Edge = {
  /** A number of its own, beyond those of the tensors. */
  readonly id: number
  readonly node: number
  readonly slot: number
  readonly tensor: number
  readonly role: Role
  /** Whether the operator wants this scale to be that of another operand. */
  readonly joined: boolean
}

/** Edges of float tensors, without weights, biases and indices, which have rules of their own. */
export function edgesOf({ nodes, tensors }: Graph): Edge[] {
  const found = nodes.flatMap((node, n) => {
    const joined = new Set(bondsOf(node).flatMap(({ slot, as }) => [slot, as]))
    return node.inputs.flatMap((tensor, slot) => {
      const role = roleOfInput(opOf(node), slot)
      return tensor < 0 || !carriesFeatures(role) || tensors[tensor]!.dtype !== 'float32'
        ? []
        : [{ node: n, slot, tensor, role, joined: joined.has(slot) }]
    })
  })
  return found.map((edge, i) => ({ ...edge, id: tensors.length + i }))
}

/** The operands of a node that share the scale of its input `as`: an input by its slot, or the output of index `out`. */
export function bondsOf(node: Node): { readonly slot?: number; readonly out?: number; readonly as: number }[] {
  const def = opOf(node)
  return [
    ...node.inputs.flatMap((_, slot) => {
      const role = roleOfInput(def, slot)
      return role.role === 'same' ? [{ slot, as: role.as }] : []
    }),
    ...node.outputs.flatMap((_, out) => {
      const role = roleOfOutput(def, out)
      return role.role === 'same' ? [{ out, as: role.as }] : []
    }),
  ]
}
