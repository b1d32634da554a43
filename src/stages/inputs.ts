/** A data split as the bytes that a model's input takes. */
import { evaluationBatches } from '../data/batches.ts'
import type { Split } from '../data/define.ts'
import type { Preprocess } from '../data/preprocess.ts'
import { quantisedInput } from '../data/preprocessor.ts'
import { UserError } from '../errors.ts'
import { type Graph, size } from '../graph/ir/graph.ts'

/** The images of a split before `to`, quantised: int8, one after the other. Throws UserError `not-int8-input`. */
export function quantisedInputs(graph: Graph, preprocess: Preprocess, split: Split, to = split.count, from = 0): Int8Array {
  const { dtype, quant, shape } = graph.tensors[graph.inputs[0]!]!
  if (dtype !== 'int8' || !quant)
    throw new UserError('not-int8-input', 'this model does not take int8 images', {
      found: dtype,
      expected: 'int8 with scale and zero point',
    })
  const prepare = quantisedInput(preprocess, split.shape, { scale: quant.scale[0]!, zero: quant.zero[0]! })
  const each = size(shape)
  const count = Math.min(to, split.count) - from
  const raw = new Uint8Array(size(split.shape))
  const inputs = new Int8Array(count * each)
  for (let i = 0; i < count; i++) {
    split.read(from + i, raw, 0)
    prepare(raw, inputs, i * each)
  }
  return inputs
}

/** The images of a split, preprocessed, one at a time; each is valid until the next. */
export function* floatInputs(split: Split, preprocess: Preprocess, indices: ArrayLike<number>): Iterable<Float32Array> {
  for (const { images } of evaluationBatches(split, { preprocess, batchSize: 1, indices })) yield images
}
