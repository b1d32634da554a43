/** Activations as nodes of their own. */
import { activate, activations } from '../activate.ts'
import type { NodeImporter } from '../define.ts'
import { tensorAt } from '../operands.ts'

export const activation: NodeImporter = {
  ops: [...activations.keys()],
  add: (node, inputs, graph) => ({ tensor: activate(node, node.op, tensorAt(node, inputs, 0, graph), node.name, graph)! }),
}
