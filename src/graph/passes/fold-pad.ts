/** Takes explicit zero padding before a convolution into its SAME padding, where the two are the same. */
import { Draft } from '../ir/edit.ts'
import type { Graph } from '../ir/graph.ts'
import { consumers, producers } from '../ir/walk.ts'
import { outExtent, padBefore } from '../math/window.ts'
import { is } from '../ops/define.ts'
import { pad } from '../ops/pad.ts'
import { opOf } from '../ops/registry.ts'
import { everywhere, type Pass } from './define.ts'

export const foldPad: Pass<'stripped'> = {
  name: 'fold-pad',
  says: 'zero padding before a valid convolution becomes SAME padding where both read the same pixels',
  phase: 'stripped',
  run: everywhere((graph) => {
    const [made, used] = [producers(graph), consumers(graph)]
    for (const [n, node] of graph.nodes.entries()) {
      const padded = node.inputs[0] ?? -1
      const p = made[padded] ?? -1
      if (p < 0 || !is(graph.nodes[p]!, pad) || used[padded]!.length > 1 || graph.outputs.includes(padded)) continue
      if (node.attrs.padding !== 'valid' || !['conv', 'depthwise'].includes(opOf(node).family)) continue
      if (!samePixels(graph, p, n)) continue
      const draft = new Draft(graph)
      draft.replace(n, {
        ...node,
        attrs: { ...node.attrs, padding: 'same' },
        inputs: [graph.nodes[p]!.inputs[0]!, ...node.inputs.slice(1)],
      })
      return draft.finish()
    }
    return undefined
  }),
}

/** Pixels of padding behind that no tap reads do not matter. */
function samePixels({ nodes, tensors }: Graph, p: number, n: number): boolean {
  const [x, by] = nodes[p]!.inputs.map((t) => tensors[t]!)
  const { attrs, inputs, outputs } = nodes[n]!
  const [kernel, out] = [tensors[inputs[1]!]!.shape, tensors[outputs[0]!]!.shape]
  const before = Array.from((by!.data ?? []) as Int32Array, Number)
  if (before.length !== 8 || [0, 1, 6, 7].some((i) => before[i])) return false
  return (['H', 'W'] as const).every((side, i) => {
    const [extent, taps, stride, dilation] = [x!.shape[1 + i]!, kernel[1 + i]!, attrs[`stride${side}`], attrs[`dilation${side}`]]
    const same = outExtent('same', extent, taps, stride, dilation)
    return same === out[1 + i] && padBefore(extent, taps, stride, dilation, same) === before[2 + 2 * i]
  })
}
