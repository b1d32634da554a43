/** Float inputs and outputs around an integer graph, for runtimes whose face takes floats only. */

import { freeName } from '../../graph/ir/edit.ts'
import type { Graph, Node, Tensor } from '../../graph/ir/graph.ts'
import { nodeOf } from '../../graph/ops/define.ts'
import { dequantize, quantize } from '../../graph/ops/index.ts'

/** A QUANTIZE behind each quantised input and a DEQUANTIZE before each quantised output; the graph between them is the same. */
export function withFloatEdges(graph: Graph<'quantised'>): Graph<'quantised'> {
  const tensors: Tensor[] = [...graph.tensors]
  const taken = new Set(tensors.map((t) => t.name))
  const outside = (inner: number): number | undefined => {
    const { name, shape, quant } = tensors[inner]!
    if (!quant) return undefined
    const free = freeName(`${name}_float32`, taken)
    taken.add(free)
    return tensors.push({ name: free, shape, dtype: 'float32' }) - 1
  }
  const nodes: Node[] = []
  const inputs = graph.inputs.map((inner) => {
    const outer = outside(inner)
    if (outer !== undefined) nodes.push(nodeOf(quantize, {}, [outer], [inner]))
    return outer ?? inner
  })
  nodes.push(...graph.nodes)
  const outputs = graph.outputs.map((inner) => {
    const outer = outside(inner)
    if (outer !== undefined) nodes.push(nodeOf(dequantize, {}, [inner], [outer]))
    return outer ?? inner
  })
  return { ...graph, tensors, nodes, inputs, outputs }
}
