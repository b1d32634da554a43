/** What a machine will answer and how long it takes, from one call. */

import type { FastKernels } from '../../execute/define.ts'
import { prepareExecutor } from '../../execute/execute.ts'
import type { Data, Graph } from '../../graph/ir/graph.ts'
import type { Rounding } from '../../graph/ops/define.ts'
import type { Estimate } from '../define.ts'
import type { Target } from '../profiles/schema.ts'
import type { SimulateOptions } from './engines/define.ts'
import { simulate } from './simulate.ts'

/** `target`: as the machine rounds, by its profile; `reference`: as TFLite's own reference kernels do. */
export const numericKinds = ['target', 'reference'] as const
export type Numerics = (typeof numericKinds)[number]

export type AnswerOptions = SimulateOptions & { readonly numerics?: Numerics; readonly fast?: FastKernels }

export type Answer = {
  /** For each inference, the elements of each output in its own type. */
  readonly outputs: readonly (readonly Data[])[]
  readonly estimate: Estimate
  readonly numerics: Numerics
  /** What the outputs were computed with. */
  readonly rounding: Rounding
  /** How these numerics stand to the machine's, in words. */
  readonly says: string
}

/**
 * Runs the graph bit-exactly on `inputs`, each the elements of every graph input in its own type, and prices one inference on
 * the target. Throws what `simulate` and `prepareExecutor` throw.
 */
export function answer(graph: Graph, target: Target, inputs: readonly (readonly Data[])[], options: AnswerOptions = {}): Answer {
  const { numerics = 'target', fast, ...simulated } = options
  const estimate = simulate(graph, target, simulated)
  const rounding = numerics === 'reference' ? 'litert' : (target.numerics?.rounding ?? 'tflm')
  const executor = prepareExecutor(graph, { rounding, ...(fast && { fast }) })
  const outputs = inputs.map((each) => executor.run(each).map((output) => output.slice()))
  return { outputs, estimate, numerics, rounding, says: says(target, numerics) }
}

function says({ name, numerics: own }: Target, numerics: Numerics): string {
  if (numerics === 'reference') return 'rounded as the reference kernels of TFLite, once in FULLY_CONNECTED'
  if (own) return own.says
  return `how ${name} rounds is not known: these are the answers of TFLM, and the machine's may differ by a step`
}
