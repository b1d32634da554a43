/** Which tensor differs first there: prefixes of the model run on both sides, by bisection. */
import { prepareExecutor } from '../../execute/execute.ts'
import { loadFastKernels } from '../../execute/fast/load.ts'
import { writeTflite } from '../../formats/tflite/write.ts'
import { bytesPerElement, type Elements, type Graph, size, view } from '../../graph/ir/graph.ts'
import type { Rounding } from '../../graph/ops/define.ts'
import type { Runner } from '../define.ts'
import { prefixOf } from './prefix.ts'

export type FirstDifference = {
  readonly tensor: string
  readonly op: string
  readonly node: number
  /** Largest difference of its elements over the inputs, in steps. */
  readonly maxDifference: number
  /** How many prefixes were run to find it. */
  readonly prefixRuns: number
}

export type PrefixInputs = {
  /** Raw bytes of inputs on which the outputs differ, one after the other. */
  readonly inputs: Uint8Array
  readonly count: number
  readonly rounding?: Rounding
  /** Differences up to so many steps are none: for runtimes that are not bit-exact. */
  readonly toleranceSteps?: number
  readonly onRun?: (runs: number, tensor: string) => void
}

/**
 * Bisects over the nodes in their order, then confirms that whatever the found node reads is equal, and goes on to what it reads where
 * it is not. Answers undefined where not even the last node differs. The runner must be able to load models.
 */
export async function findFirstDifference(
  runner: Runner,
  graph: Graph<'quantised'>,
  given: PrefixInputs,
): Promise<FirstDifference | undefined> {
  const { toleranceSteps = 0, onRun } = given
  const known = new Map<number, number>()
  const gapAt = async (node: number): Promise<number> => {
    const found = known.get(node) ?? (await gapOf(runner, prefixOf(graph, node), given))
    if (!known.has(node)) onRun?.(known.size + 1, graph.tensors[graph.nodes[node]!.outputs[0]!]!.name)
    known.set(node, found)
    return found
  }
  const differs = async (node: number) => (await gapAt(node)) > toleranceSteps
  let high = graph.nodes.findLastIndex(({ outputs }) => outputs.some((t) => graph.outputs.includes(t)))
  if (!(await differs(high))) return undefined
  for (let low = -1; high - low > 1; ) {
    const middle = (low + high) >> 1
    if (await differs(middle)) high = middle
    else low = middle
  }
  for (let earlier: number | undefined = high; earlier !== undefined; ) {
    high = earlier
    earlier = undefined
    for (const made of makersOf(graph, high))
      if (await differs(made)) {
        earlier = made
        break
      }
  }
  const { op, outputs } = graph.nodes[high]!
  return { tensor: graph.tensors[outputs[0]!]!.name, op, node: high, maxDifference: known.get(high)!, prefixRuns: known.size }
}

const makersOf = ({ nodes }: Graph, node: number): number[] => [
  ...new Set(nodes[node]!.inputs.map((t) => nodes.findIndex(({ outputs }) => outputs.includes(t))).filter((made) => made >= 0)),
]

async function gapOf(runner: Runner, prefix: Graph<'quantised'>, { inputs, count, rounding = 'tflm' }: PrefixInputs): Promise<number> {
  await runner.load(writeTflite(prefix))
  const { outputs } = await runner.invoke(inputs, count)
  const executor = prepareExecutor(prefix, { rounding, fast: loadFastKernels() })
  const [input, output] = [prefix.tensors[prefix.inputs[0]!]!, prefix.tensors[prefix.outputs[0]!]!]
  const bytes = new Uint8Array(inputs)
  const all = new Uint8Array(outputs).buffer
  let gap = 0
  for (let n = 0; n < count; n++) {
    const from = n * size(input.shape) * bytesPerElement(input.dtype)
    const here = executor.run([view(input.dtype, bytes.buffer, from, size(input.shape))])[0] as Elements
    const there = view(output.dtype, all, n * here.byteLength, here.length) as Elements
    for (let i = 0; i < here.length; i++) gap = Math.max(gap, Math.abs(here[i]! - there[i]!))
  }
  return gap
}
