/** Runs the folded graph on sample images and notes what range each tensor takes. */
import { UserError } from '../errors.ts'
import type { FastKernels } from '../execute/define.ts'
import { prepareExecutor } from '../execute/execute.ts'
import type { Data, Graph } from '../graph/ir/graph.ts'
import { eachInput } from './calibration-set.ts'
import { Histogram, type Seen } from './histogram.ts'

/** What was seen of each tensor that inputs and nodes write, by its index in the graph. */
export type Ranges = ReadonlyMap<number, Seen>

/** Makes kernels for one executor; the rooms' own, many times slower, where it is absent. */
export type Kernels = () => FastKernels

/** Meets each float tensor of each input as it is written, graph inputs first. */
export type Observer = (tensor: number, data: Float32Array, sample: number) => void

/**
 * Each batch holds one or more float32 inputs of the graph's one input, one after the other, already preprocessed; `also` sees what
 * the histograms see. The result depends on the set of inputs alone, not on their order, nor on the kernels. Throws UserError `no-calibration-data`,
 * `calibration-shape` (a batch is no multiple of the input) and `not-finite` (a tensor holds a NaN or an infinity).
 */
export function calibrate(
  graph: Graph<'folded'>,
  batches: Iterable<Float32Array>,
  also: readonly Observer[] = [],
  kernels?: Kernels,
): Ranges {
  const [executor, seen] = [prepareExecutor(graph, kernels && { fast: kernels() }), new Map<number, Histogram>()]
  let samples = 0
  const see = (tensor: number, data: Data): void => {
    if (graph.tensors[tensor]!.dtype !== 'float32') return
    let histogram = seen.get(tensor)
    if (!histogram) seen.set(tensor, (histogram = new Histogram()))
    if (!histogram.add(data as Float32Array))
      throw new UserError(
        'not-finite',
        `tensor ${graph.tensors[tensor]!.name} holds a NaN or an infinity for calibration input ${samples}`,
        {
          hint: 'check the preprocessing and the trained weights: training may have diverged',
        },
      )
    for (const observe of also) observe(tensor, data as Float32Array, samples)
  }
  const [input] = graph.inputs
  for (const one of eachInput(graph, batches)) {
    see(input!, one)
    executor.run([one], (tensor, data) => tensor !== input && see(tensor, data))
    samples++
  }
  if (!samples)
    throw new UserError('no-calibration-data', 'calibration needs at least one input', { hint: 'give it some 200 training images' })
  return seen
}
