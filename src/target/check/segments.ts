/** Where a graph falls into parts: as a delegate cuts it, and the tensors that cross from part to part. */
import { bytesPerElement, type Graph, size } from '../../graph/ir/graph.ts'
import { producers } from '../../graph/ir/walk.ts'
import type { Crossing, Placement, Segment } from '../define.ts'

type Places = Placement['nodes']

/** Each segment takes every node of its place that is ready, in node order, before the other place has its turn. */
export function segmentsOf(graph: Graph, places: Places): Segment[] {
  const made = producers(graph)
  const done = new Array<boolean>(graph.nodes.length).fill(false)
  const ready = (n: number) => graph.nodes[n]!.inputs.every((t) => t < 0 || made[t]! < 0 || done[made[t]!])
  const segments: Segment[] = []
  let place: Segment['place'] = places.find((p) => p !== 'folded') === 'cpu' ? 'cpu' : 'accelerator'
  for (let left = graph.nodes.length; left > 0; place = place === 'cpu' ? 'accelerator' : 'cpu') {
    const nodes: number[] = []
    for (let n = 0; n < places.length; n++) {
      if (done[n] || (places[n] !== place && places[n] !== 'folded') || !ready(n)) continue
      done[n] = true
      nodes.push(n)
    }
    left -= nodes.length
    if (nodes.length > 0) segments.push({ place, nodes })
  }
  return segments
}

/** Tensors that one segment writes and another reads, once for each reader. */
export function crossingsOf(graph: Graph, segments: readonly Segment[]): Crossing[] {
  const made = producers(graph)
  const segmentOf = new Map(segments.flatMap(({ nodes }, s) => nodes.map((n): [number, number] => [n, s])))
  const seen = new Set<string>()
  return segments.flatMap(({ nodes }, to) =>
    nodes.flatMap((n) =>
      graph.nodes[n]!.inputs.flatMap((tensor): Crossing[] => {
        const from = tensor < 0 || made[tensor]! < 0 ? to : segmentOf.get(made[tensor]!)!
        const known = `${tensor}-${to}`
        if (from === to || seen.has(known)) return []
        seen.add(known)
        const { name, shape, dtype } = graph.tensors[tensor]!
        return [{ tensor, name, bytes: size(shape) * bytesPerElement(dtype), from, to }]
      }),
    ),
  )
}
