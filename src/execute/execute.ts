/** Prepares a graph once and runs it many times, float or integer by its dtypes. */
import { assert, UserError } from '../errors.ts'
import { bytesPerElement, type Data, type Elements, type Graph, type Node, size, type Tensor, view } from '../graph/ir/graph.ts'
import { placeOf } from '../graph/ir/walk.ts'
import { planArena } from '../graph/memory/arena.ts'
import type { Kernel, Rounding } from '../graph/ops/define.ts'
import { operandsOf } from '../graph/ops/facts.ts'
import { chooseKernel } from './choose-kernel.ts'
import type { ExecuteOptions, Executor, FastKernels } from './define.ts'

/** No tensor of a model for an embedded target comes near; a broken file may. */
const MOST = 2 ** 30

type Step = { readonly kernel: Kernel; readonly outputs: readonly number[]; inputs: readonly Elements[]; results: readonly Elements[] }

/**
 * All kernels of a graph, closed over its constants, and the memory that they run in. Throws UserError `cannot-execute` where no
 * kernel computes a node (a dtype, an option, a missing scale), with the node's place.
 */
export function prepareExecutor(graph: Graph, { rounding = 'tflm', fast, keepAll = false }: ExecuteOptions = {}): Executor {
  const large = graph.tensors.find(({ shape, dtype }) => size(shape) * bytesPerElement(dtype) > MOST)
  if (large)
    throw new UserError('cannot-execute', `tensor ${large.name} is too large for this machine to hold`, {
      found: `[${large.shape}]`,
      expected: '1 GiB',
    })
  const steps = graph.nodes.map((node, n): Step => {
    const kernel = fastKernel(graph, node, rounding, fast) ?? chooseKernel(graph, node, rounding, placeOf(graph, n))
    return { kernel, outputs: node.outputs, inputs: [], results: [] }
  })
  const arrays = layOut(graph, keepAll, fast)
  for (const [n, step] of steps.entries()) {
    step.inputs = graph.nodes[n]!.inputs.map((t) => arrays[t] as Elements)
    step.results = step.outputs.map((t) => arrays[t] as Elements)
  }
  return {
    graph,
    run(inputs, see) {
      assert(inputs.length === graph.inputs.length, `${graph.inputs.length} inputs were expected, ${inputs.length} came`)
      for (const [i, t] of graph.inputs.entries()) {
        const [to, from] = [arrays[t]!, inputs[i]!]
        assert(
          from.length === to.length && from.constructor === to.constructor,
          `input ${i} must hold ${to.length} ${graph.tensors[t]!.dtype}`,
        )
        to.set(from as never)
      }
      for (const { kernel, inputs: xs, results, outputs } of steps) {
        kernel(xs, results)
        if (see) for (let i = 0; i < outputs.length; i++) see(outputs[i]!, results[i]!)
      }
      return graph.outputs.map((t) => arrays[t]!)
    },
  }
}

function fastKernel(graph: Graph, node: Node, rounding: Rounding, fast: FastKernels | undefined): Kernel | undefined {
  const overlay = fast?.overlays.get(node.op)
  if (!overlay || rounding === 'xnnpack') return undefined
  const { inputs, outputs } = operandsOf(graph, node)
  return overlay.prepare(node.attrs, inputs, outputs, rounding, fast!.memory)
}

/** An array for each tensor: its constant data, or its place in the planned arena. */
function layOut(graph: Graph, keepAll: boolean, fast: FastKernels | undefined): Data[] {
  const { bytes, offsets } = keepAll ? sideBySide(graph.tensors) : planArena(graph)
  const base = fast ? fast.memory.allocate(bytes) : 0
  const buffer = fast ? fast.memory.buffer : new ArrayBuffer(bytes)
  return graph.tensors.map(
    ({ data, dtype, shape }, t) => data ?? view(dtype, buffer, base + (offsets.get(t) ?? 0), offsets.has(t) ? size(shape) : 0),
  )
}

function sideBySide(tensors: readonly Tensor[]) {
  const offsets = new Map<number, number>()
  let bytes = 0
  for (const [t, { data, dtype, shape }] of tensors.entries())
    if (!data) {
      offsets.set(t, bytes)
      bytes = (bytes + size(shape) * bytesPerElement(dtype) + 15) & ~15
    }
  return { bytes, offsets }
}
