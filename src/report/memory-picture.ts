/** Where the feature maps of a file lie in one arena over time, and what each node moves. */
import { bytesPerElement, type Graph, size, type Tensor } from '../graph/ir/graph.ts'
import { lifetimes } from '../graph/memory/lifetimes.ts'
import { planRanges } from '../graph/memory/plan.ts'
import type { Family } from '../graph/ops/define.ts'
import type { MemoryPicture } from './define.ts'

/** The plan of the file's own tensors at their plain size; a machine that pads or tiles maps takes more than this. */
export function memoryPicture(graph: Graph, inPlace: readonly Family[] = ['free']): MemoryPicture {
  const storages = lifetimes(graph, { inPlace })
  const { bytes, offsets, lowerBound } = planRanges(storages)
  return {
    steps: graph.nodes.length,
    bytes,
    lowerBound,
    tensors: storages.map(({ start, end, bytes: held, tensors }, s) => ({
      name: graph.tensors[tensors[0]!]!.name,
      ...{ start, end, offset: offsets[s]!, bytes: held },
    })),
    movedBytes: graph.nodes.map(({ inputs, outputs }) =>
      [...inputs, ...outputs].reduce((sum, t) => sum + (t < 0 ? 0 : plainBytes(graph.tensors[t]!)), 0),
    ),
  }
}

const plainBytes = ({ shape, dtype, data }: Tensor): number => data?.byteLength ?? size(shape) * bytesPerElement(dtype)
