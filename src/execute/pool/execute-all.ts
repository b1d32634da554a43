/** Executes a data set, int8 bit-exactly or in float, on several cores where that pays. */
import { UserError } from '../../errors.ts'
import { readTflite } from '../../formats/tflite/read.ts'
import { type Graph, size, type Tensor } from '../../graph/ir/graph.ts'
import type { Rounding } from '../../graph/ops/define.ts'
import { spread } from './spread.ts'
import { type Samples, type Work, work } from './work.ts'

export type ExecuteAllOptions = {
  /** The most threads to use; the bytes that come out do not depend on it. */
  readonly threads?: number
  /** `tflm` by default. */
  readonly rounding?: Rounding
}

/** How long this thread works alone before it judges whether others pay, and how long the rest must take for that: one starts in some 60 ms. */
const ALONE_MS = 40
const WORTH_MS = 200

/**
 * `model` is a .tflite or its graph, with one input and one output of the type of `inputs`, which holds samples one after the other.
 * Returns the outputs likewise. Throws UserError `io-not-int8`, `io-not-float32` or `input-size`.
 */
export async function executeAll<T extends Samples>(model: Uint8Array | Graph, inputs: T, options: ExecuteAllOptions = {}): Promise<T> {
  const { threads = 1, rounding = 'tflm' } = options
  const graph = model instanceof Uint8Array ? readTflite(model) : model
  const inSize = elementsOf(graph, graph.inputs, 'input', inputs)
  const outSize = elementsOf(graph, graph.outputs, 'output', inputs)
  const count = inputs.length / inSize
  if (!Number.isInteger(count))
    throw new UserError('input-size', 'The inputs are no whole number of samples', {
      found: `${inputs.length} values`,
      expected: `a multiple of ${inSize}`,
    })
  const all: Work = {
    ...{ graph, rounding, inputs: threads > 1 ? shared(inputs) : inputs },
    outputs: sharedSamples(inputs, count * outSize),
    next: new Int32Array(new SharedArrayBuffer(4)),
  }

  const started = performance.now()
  const pays = (executed: number) => {
    const spent = performance.now() - started
    return threads > 1 && executed > 0 && spent > ALONE_MS && (spent / executed) * (count - executed) > WORTH_MS
  }
  work(all, pays)
  const left = count - all.next[0]!
  if (left > 0) await spread(all, Math.min(threads, left))
  return all.outputs.slice() as T
}

/** Shared memory for `length` elements of the type of `like`. */
const sharedSamples = (like: Samples, length: number): Samples =>
  like instanceof Float32Array ? new Float32Array(new SharedArrayBuffer(4 * length)) : new Int8Array(new SharedArrayBuffer(length))

function shared(values: Samples): Samples {
  const copy = sharedSamples(values, values.length)
  copy.set(values)
  return copy
}

function elementsOf(graph: Graph, ids: readonly number[], what: string, inputs: Samples): number {
  const wanted = inputs instanceof Float32Array ? 'float32' : 'int8'
  const tensors: Tensor[] = ids.map((id) => graph.tensors[id]!)
  if (tensors.length !== 1 || tensors[0]!.dtype !== wanted)
    throw new UserError(`io-not-${wanted}`, `A data set of ${wanted} runs through models with one ${wanted} ${what}`, {
      found: tensors.map(({ name, dtype }) => `${name} (${dtype})`).join(', ') || 'none',
      expected: `one ${wanted} ${what}`,
    })
  return size(tensors[0]!.shape)
}
