/** The inputs that ranges and refinements are made from: copied, checked, and in an order of their own, so that the order they came in does not show. */
import { UserError } from '../errors.ts'
import { type Graph, size } from '../graph/ir/graph.ts'
import type { Range } from './methods/define.ts'

export type CalibrationSet = {
  /** Whole float32 inputs, sorted by digest. */
  readonly inputs: readonly Float32Array[]
  /** What is odd about them, in words; it does not stop anything. */
  readonly warnings: readonly string[]
}

/**
 * Each batch holds one or more inputs of the graph's one input, preprocessed; `allowed` is the range that the model was made for, where it is
 * known. Throws UserError `calibration-inputs`, `no-calibration-data`, `calibration-shape` and `calibration-constant`.
 */
export function calibrationSet(graph: Graph, batches: Iterable<Float32Array>, allowed?: Range): CalibrationSet {
  const inputs = Array.from(eachInput(graph, batches), (input) => input.slice())
  if (!inputs.length)
    throw new UserError('no-calibration-data', 'calibration needs at least one input', { hint: 'give it some 200 training images' })
  const first = inputs[0]![0]!
  if (inputs[0]!.length > 1 && inputs.every((input) => input.every((v) => v === first)))
    throw new UserError('calibration-constant', 'every value of every calibration input is the same', {
      found: String(first),
      expected: 'images as the network will meet them',
      hint: 'check the data folder and the preprocessing',
    })
  const sorted = inputs
    .map((input) => ({ input, words: new Uint32Array(input.buffer, input.byteOffset, input.length) }))
    .map((one) => ({ ...one, digest: digestOf(one.words) }))
    .sort((a, b) => a.digest - b.digest || compared(a.words, b.words))
  const same = sorted.filter(({ words }, i) => i > 0 && compared(words, sorted[i - 1]!.words) === 0).length
  const warnings = same ? [`${same} of ${inputs.length} calibration inputs are copies of others`] : []
  const outside = allowed ? shareOutside(inputs, allowed) : 0
  if (outside > 0)
    warnings.push(`${percent(outside)} of the calibration values lie outside of the model's input range ${allowed!.min} to ${allowed!.max}`)
  return { inputs: sorted.map(({ input }) => input), warnings }
}

/** The inputs in batches, one by one; each is a view. Throws UserError `calibration-inputs` and `calibration-shape`. */
export function* eachInput(graph: Graph, batches: Iterable<Float32Array>): Iterable<Float32Array> {
  const [input] = graph.inputs
  if (input === undefined || graph.inputs.length > 1)
    throw new UserError('calibration-inputs', `calibration feeds one input, and the graph has ${graph.inputs.length}`)
  const { shape } = graph.tensors[input]!
  const length = size(shape)
  for (const batch of batches) {
    if (!batch.length || batch.length % length)
      throw new UserError('calibration-shape', 'a calibration batch does not hold whole inputs', {
        found: `${batch.length} values`,
        expected: `a multiple of ${length} (${shape.join(' x ')})`,
      })
    for (let at = 0; at < batch.length; at += length) yield batch.subarray(at, at + length)
  }
}

/** The share of values, 0 to 1, outside of a range; to within rounding. */
export function shareOutside(inputs: readonly ArrayLike<number>[], { min, max }: Range): number {
  const slack = 1e-6 * Math.max(Math.abs(min), Math.abs(max))
  let [outside, all] = [0, 0]
  for (const input of inputs) {
    all += input.length
    for (let i = 0; i < input.length; i++) if (input[i]! < min - slack || input[i]! > max + slack) outside++
  }
  return all ? outside / all : 0
}

const percent = (share: number): string => `${(100 * share).toPrecision(2)} %`

/** FNV-1a over words. */
function digestOf(words: Uint32Array): number {
  let hash = 0x811c9dc5
  for (const word of words) hash = Math.imul(hash ^ word, 0x01000193) ^ (word >>> 15)
  return hash >>> 0
}

function compared(a: Uint32Array, b: Uint32Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return 0
}
