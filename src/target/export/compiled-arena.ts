/** The arena that TFLM needs for a file that Vela compiled: one operator of the NPU, or some with operators of the CPU between them. */
import { type Outline, outline } from '../../formats/tflite/outline.ts'
import type { Graph } from '../../graph/ir/graph.ts'
import { arenaOf, type TflmArena, tflmArena } from './arena.ts'

/** Two scratch buffers for each NPU operator: an address of eight bytes and a size of eight for each of at most eight tensors (ethosu.cc). */
const npuScratch = { count: 2, bytes: 2 * 64 }

/** What TFLM keeps for an operator left on the CPU, where its channels are not known: the whole of the uncompiled file's is the bound. */
export function compiledArena(file: Uint8Array, graph: Graph): TflmArena {
  const { operators, tensors, inputs, outputs } = outline(file)
  const npu = operators.filter((op) => op === 'ethos-u').length
  const planned = tensors.filter(({ constant }) => !constant)
  return arenaOf({
    tensors: tensors.length,
    edges: inputs + outputs,
    nodes: operators.length,
    scratch: npu * npuScratch.count,
    planned: planned.length + npu * npuScratch.count,
    headBytes: headOf(planned) + (npu > 0 ? npuScratch.bytes : 0),
    kernelBytes: 32 * npu + (operators.length > npu ? tflmArena(graph, { kernels: 'cmsis-nn' }).persistentBytes : 0),
  })
}

/** Tensors with an address lie there; the others are taken to lie behind them, all at once. */
const headOf = (planned: Outline['tensors']): number => {
  const align = (bytes: number) => Math.ceil(bytes / 16) * 16
  const laid = planned.reduce((top, { offset, bytes }) => (offset === undefined ? top : Math.max(top, offset + align(bytes))), 0)
  return planned.reduce((top, { offset, bytes }) => (offset === undefined ? top + align(bytes) : top), laid)
}
