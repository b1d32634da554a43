/** What an operation is expected to take, whole or in stripes and slices: the figures by which the scheduler decides. */
import type { Part } from '../cost.ts'
import type { Plan } from '../generation.ts'
import { ceilDiv, type Dims, type Operation, volume } from '../operation.ts'
import { elements } from '../transfer.ts'
import type { Expected, Machine } from './define.ts'

/** Rows and columns of the input that a stripe of the output takes, none beyond the map. */
export function inputOf({ kernel, upscale, ifm }: Operation, [height, width]: Dims): readonly [number, number] {
  const [factor, extra] = upscale ? [2, upscale === 'pixels' ? 1 : 0] : [1, 0]
  const needed = (extent: number, stride: number, size: number, dilation: number) =>
    ceilDiv((extent - 1) * stride + (size - 1) * dilation + 1 + extra, factor)
  return [
    Math.min(needed(height, kernel.strideY, kernel.height, kernel.dilationY), ifm.shape[0]),
    Math.min(needed(width, kernel.strideX, kernel.width, kernel.dilationX), ifm.shape[1]),
  ]
}

export type Course = {
  readonly stripe: Dims
  readonly slices: readonly number[]
  /** Whether weights are read from fast memory, where they are brought first. */
  readonly weightsStaged?: boolean
  readonly inputStaged?: boolean
  /** Cycles in which the first transfer hides, and whether each slice hides that of the next. */
  readonly slack?: number
  readonly double?: boolean
}

export function expect(op: Operation, plan: Plan, { generation, memories }: Machine, course: Course): Expected {
  const { stripe, slices, slack = 0, double = false } = course
  const inputMemory = course.inputStaged ? memories.staging : op.ifm.memory
  const weightMemory = op.weights && (course.weightsStaged ? memories.staging : op.weights.memory)
  const ifm = { ...op.ifm, memory: inputMemory, shape: [...inputOf(op, stripe), op.ifm.shape[2]] as unknown as Dims }
  const cut = (depth: number): Operation => ({ ...op, ifm, ofm: { ...op.ofm, shape: [stripe[0], stripe[1], depth] } })
  const repeats = Math.max(1, op.ofm.shape[0] / stripe[0])
  const [depths, ranges] = [slices.slice(1).map((to, i) => to - slices[i]!), op.weights ? bytesOf(plan, slices) : []]
  let [inputElements, fetches, weightBytes, visible, run, last, free] = [0, 0, 0, 0, 0, 0, slack]
  depths.forEach((depth, i) => {
    const sliced = cut(depth)
    const read = elements(sliced, plan.block, generation)
    inputElements += read.inputs[0]!
    fetches += read.refetch
    weightBytes += (ranges[i] ?? 0) * read.refetch
    const part: Part = depths.length === 1 ? 'whole' : i === 0 ? 'first' : i === depths.length - 1 ? 'last' : 'middle'
    last = generation.cost(sliced, plan, weightMemory, part).npu
    if (op.weights && weightMemory !== op.weights.memory)
      visible += Math.max(0, generation.transfer(op.weights.memory, weightMemory!, ranges[i]!) - free)
    run += last
    free = double ? last : 0
  })
  const inputReadBytes = (inputElements * op.ifm.bits) / 8
  const runCycles = Math.floor(repeats * run)
  return {
    inputBytes: (volume(ifm.shape) * op.ifm.bits) / 8,
    inputReadBytes,
    inputCycles: Math.floor(repeats * generation.readMap(inputMemory, inputReadBytes, op)),
    weightReadBytes: Math.floor(repeats * weightBytes),
    weightCycles: weightMemory
      ? Math.floor(repeats * generation.readWeights(weightMemory, Math.floor(weightBytes / fetches), plan) * fetches)
      : 0,
    runCycles,
    fullCycles: runCycles + visible,
    visibleCycles: visible,
    lastCycles: last,
  }
}

/** Encoded bytes, scales included, of each slice. */
export const bytesOf = (plan: Plan, slices: readonly number[]): number[] =>
  slices.slice(1).map((to, i) => {
    const { weights, scales } = plan.encode(slices[i]!, to)
    return weights + scales
  })

export const isDominated = ({ runCycles, weightCycles, inputCycles }: Expected): boolean =>
  runCycles > weightCycles && runCycles > inputCycles
