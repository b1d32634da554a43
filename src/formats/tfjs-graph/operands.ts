/** The operands of a node: tensors of the graph, or constants, as its importer wants them. */
import type { Growth } from '../grow.ts'
import { type GraphNode, refusal, type Value } from './define.ts'

/** A tensor, a constant brought into the graph if need be. */
export function tensorAt(node: GraphNode, inputs: readonly Value[], i: number, graph: Growth): number {
  const value = inputs[i]
  if (!value) throw refusal(node, `it has no input ${i}`, 'convert the model again')
  if ('tensor' in value) return value.tensor
  const { name, shape, data } = value.constant
  return graph.constant(name, shape, () => data, data instanceof Int32Array ? 'int32' : 'float32')
}

export function constantAt(node: GraphNode, inputs: readonly Value[], i: number, what: string) {
  const value = inputs[i]
  if (value && 'constant' in value) return value.constant
  throw refusal(node, `its ${what} is not constant`, 'freeze the model before converting it')
}

/** A constant of floats under a name of the node's own. */
export function vectorAt(node: GraphNode, inputs: readonly Value[], i: number, what: string, graph: Growth): number {
  const { shape, data } = constantAt(node, inputs, i, what)
  return graph.constant(`${node.name}/${what}`, shape, () => Float32Array.from(data))
}

/** Throws where channels stand before rows. */
export function channelsLast(node: GraphNode): void {
  const format = node.attrs.text('data_format', 'NHWC')
  if (format !== 'NHWC') throw refusal(node, `its data format is ${format}`, 'build the network with channels last')
}
