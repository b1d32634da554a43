/** Executes a data set bit-exactly, on several cores where that pays. */
import { UserError } from '../../errors.ts'
import { readTflite } from '../../formats/tflite/read.ts'
import { type Graph, size, type Tensor } from '../../graph/ir/graph.ts'
import type { Rounding } from '../../graph/ops/define.ts'
import { spread } from './spread.ts'
import { type Work, work } from './work.ts'

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
 * `model` is a .tflite or its graph, with one int8 input and one int8 output; `inputs` holds samples one after the other.
 * Returns the outputs likewise. Throws UserError `io-not-int8` or `input-size`.
 */
export async function executeAll(model: Uint8Array | Graph, inputs: Int8Array, options: ExecuteAllOptions = {}): Promise<Int8Array> {
  const { threads = 1, rounding = 'tflm' } = options
  const graph = model instanceof Uint8Array ? readTflite(model) : model
  const inSize = elementsOf(graph, graph.inputs, 'input')
  const outSize = elementsOf(graph, graph.outputs, 'output')
  const count = inputs.length / inSize
  if (!Number.isInteger(count))
    throw new UserError('input-size', 'The inputs are no whole number of samples', {
      found: `${inputs.length} values`,
      expected: `a multiple of ${inSize}`,
    })
  const all: Work = {
    ...{ graph, rounding, inputs: threads > 1 ? shared(inputs) : inputs },
    outputs: new Int8Array(new SharedArrayBuffer(count * outSize)),
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
  return Int8Array.from(all.outputs)
}

function shared(values: Int8Array): Int8Array {
  const copy = new Int8Array(new SharedArrayBuffer(values.length))
  copy.set(values)
  return copy
}

function elementsOf(graph: Graph, ids: readonly number[], what: string): number {
  const tensors: Tensor[] = ids.map((id) => graph.tensors[id]!)
  if (tensors.length !== 1 || tensors[0]!.dtype !== 'int8')
    throw new UserError('io-not-int8', `A data set runs through models with one int8 ${what}`, {
      found: tensors.map(({ name, dtype }) => `${name} (${dtype})`).join(', ') || 'none',
      expected: `one int8 ${what}`,
    })
  return size(tensors[0]!.shape)
}
