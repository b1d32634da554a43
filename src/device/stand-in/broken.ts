/** An executor with one operator that answers wrongly, as a device's faulty kernel would. */
import { UserError } from '../../errors.ts'
import type { Executor, FastKernels, Overlay } from '../../execute/define.ts'
import { prepareExecutor } from '../../execute/execute.ts'
import { loadFastKernels } from '../../execute/fast/load.ts'
import type { Graph } from '../../graph/ir/graph.ts'
import { ops } from '../../graph/ops/registry.ts'

/** Every third element of the operator's output is off by so much: more than any rounding, less than a crash. */
const error = 24

/** Without `op`, the right executor. Throws UserError `unknown-operator` for one that the model has not. */
export function brokenExecutor(graph: Graph, op?: string): Executor {
  const fast = loadFastKernels()
  if (op === undefined) return prepareExecutor(graph, { rounding: 'tflm', fast })
  const has = [...new Set(graph.nodes.map((node) => node.op))]
  if (!has.includes(op) || !ops.get(op)?.int8)
    throw new UserError('unknown-operator', `the model has no operator ${op}`, { found: op, expected: has.join(', ') })
  const broken: FastKernels = { ...fast, overlays: new Map([...fast.overlays, [op, wrongly(op)]]) }
  return prepareExecutor(graph, { rounding: 'tflm', fast: broken })
}

const wrongly = (op: string): Overlay => ({
  op,
  prepare: (attrs, inputs, outputs, rounding) => {
    const right = ops.get(op)!.int8!(attrs, inputs, outputs, rounding)
    return (xs, ys) => {
      right(xs, ys)
      for (const y of ys) for (let i = 0; i < y.length; i += 3) y[i] = y[i]! + (y[i]! < 0 ? error : -error)
    }
  },
})
