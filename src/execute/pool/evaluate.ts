/** The accuracy of an int8 model over a data set, by the bit-exact executor. */
import type { Graph } from '../../graph/ir/graph.ts'
import { type Score, score } from '../score.ts'
import { type ExecuteAllOptions, executeAll } from './execute-all.ts'

export type Evaluation = Score & {
  /** Samples a second, preparation included. */
  readonly imagesPerSecond: number
  /** int8 [samples, classes], as the model gave them. */
  readonly outputs: Int8Array
}

/** `inputs` holds quantised samples one after the other, one for each label. Throws as `executeAll` does. */
export async function evaluate(
  model: Uint8Array | Graph,
  inputs: Int8Array,
  labels: Int32Array,
  classes: number,
  options: ExecuteAllOptions = {},
): Promise<Evaluation> {
  const started = performance.now()
  const outputs = await executeAll(model, inputs, options)
  const seconds = (performance.now() - started) / 1000
  return { ...score(outputs, labels, classes), imagesPerSecond: labels.length / seconds, outputs }
}
