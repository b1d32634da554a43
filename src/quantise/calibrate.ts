/** Runs the folded graph on sample images and notes what range each tensor takes. */
import { UserError } from '../errors.ts'
import { prepareExecutor } from '../execute/execute.ts'
import { type Data, type Graph, size } from '../graph/ir/graph.ts'
import { Histogram, type Seen } from './histogram.ts'

/** What was seen of each tensor that inputs and nodes write, by its index in the graph. */
export type Ranges = ReadonlyMap<number, Seen>

/**
 * Each batch holds one or more float32 inputs of the graph's one input, one after the other, already preprocessed.
 * The result depends on the set of inputs alone, not on their order. Throws UserError `no-calibration-data`,
 * `calibration-shape` (a batch is no multiple of the input) and `not-finite` (a tensor holds a NaN or an infinity).
 */
export function calibrate(graph: Graph<'folded'>, batches: Iterable<Float32Array>): Ranges {
  const [input] = graph.inputs
  if (input === undefined || graph.inputs.length > 1)
    throw new UserError('calibration-inputs', `calibration feeds one input, and the graph has ${graph.inputs.length}`)
  const [length, executor, seen] = [size(graph.tensors[input]!.shape), prepareExecutor(graph), new Map<number, Histogram>()]
  let samples = 0
  const see = (tensor: number, data: Data): void => {
    if (graph.tensors[tensor]!.dtype !== 'float32') return
    let histogram = seen.get(tensor)
    if (!histogram) seen.set(tensor, (histogram = new Histogram()))
    if (histogram.add(data as Float32Array)) return
    throw new UserError('not-finite', `tensor ${graph.tensors[tensor]!.name} holds a NaN or an infinity for calibration input ${samples}`, {
      hint: 'check the preprocessing and the trained weights: training may have diverged',
    })
  }
  for (const batch of batches) {
    if (!batch.length || batch.length % length)
      throw new UserError('calibration-shape', 'a calibration batch does not hold whole inputs', {
        found: `${batch.length} values`,
        expected: `a multiple of ${length} (${graph.tensors[input]!.shape.join(' x ')})`,
      })
    for (let at = 0; at < batch.length; at += length, samples++) {
      const one = batch.subarray(at, at + length)
      see(input, one)
      executor.run([one], (tensor, data) => tensor !== input && see(tensor, data))
    }
  }
  if (!samples)
    throw new UserError('no-calibration-data', 'calibration needs at least one input', { hint: 'give it some 200 training images' })
  return seen
}
