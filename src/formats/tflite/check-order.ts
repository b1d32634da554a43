/** The laws of a file's order: every tensor is there before it is used, is made once, and constants are never written. */
import type { Node, Tensor } from '../../graph/ir/graph.ts'
import { corrupt, label } from './refuse.ts'

/** Throws UserError `tflite-corrupt` at the first place that breaks them. */
export function checkOrder(
  tensors: readonly Tensor[],
  nodes: readonly Node[],
  inputs: readonly number[],
  outputs: readonly number[],
): void {
  const there = tensors.map((tensor) => tensor.data !== undefined)
  const known = (t: number) => t >= 0 && t < tensors.length
  const named = (t: number) => label(known(t) ? tensors[t]!.name : '', t)
  const edge = (list: readonly number[], name: string) => {
    const bad = list.find((t) => !known(t))
    if (bad !== undefined) throw corrupt(`SubGraph.${name}`, 'names no tensor of the file', bad, `0 to ${tensors.length - 1}`)
    if (list.length === 0) throw corrupt(`SubGraph.${name}`, 'is empty', 'none', 'at least one tensor')
  }
  const make = (t: number, place: string) => {
    if (tensors[t]!.data) throw corrupt(place, 'writes a constant', named(t), 'a tensor without data')
    if (there[t]) throw corrupt(place, 'makes a tensor again', named(t), 'each tensor made once')
    there[t] = true
  }
  edge(inputs, 'inputs')
  edge(outputs, 'outputs')
  for (const t of inputs) make(t, 'SubGraph.inputs')
  nodes.forEach((node, n) => {
    const early = node.inputs.find((t) => t >= 0 && !there[t])
    if (early !== undefined)
      throw corrupt(`Operator ${n} (${node.op})`, 'uses a tensor before it is made', named(early), 'operators in running order')
    for (const t of node.outputs) make(t, `Operator ${n} (${node.op})`)
  })
  const missing = outputs.find((t) => !there[t])
  if (missing !== undefined)
    throw corrupt('SubGraph.outputs', 'names a tensor that nothing makes', named(missing), 'a tensor that an operator makes')
}
