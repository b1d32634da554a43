/** A split with masks in parts, so that the outputs of its pixels are never held all together. */
import type { Split } from '../data/define.ts'
import type { Preprocess } from '../data/preprocess.ts'
import type { VerifyParts } from '../device/verify-parts.ts'
import type { PixelPart } from '../execute/pool/evaluate-pixels.ts'
import { executeAll } from '../execute/pool/execute-all.ts'
import { type Graph, size } from '../graph/ir/graph.ts'
import type { Rounding } from '../graph/ops/define.ts'
import { quantisedInputs } from './inputs.ts'

/** Outputs of a part, which are held at a time. */
const partBytes = 2 ** 25

/** A split with masks, in parts. Throws as `quantisedInputs` does. */
export function* pixelParts(graph: Graph, preprocess: Preprocess, split: Split, first = 0, to = split.count): Iterable<PixelPart> {
  const step = partImages(graph)
  for (let from = first; from < to; from += step) {
    const samples = Math.min(step, to - from)
    yield { inputs: quantisedInputs(graph, preprocess, split, from + samples, from), labels: masksOf(split, from, samples), samples }
  }
}

/** How many images make a part. */
export const partImages = (graph: Graph): number => Math.max(1, Math.floor(partBytes / size(graph.tensors[graph.outputs[0]!]!.shape)))

/** The masks of some images one after the other, uint8 [height, width] each. */
export function masksOf({ mask, shape: [height, width] }: Split, from: number, count: number): Uint8Array {
  const masks = new Uint8Array(count * height * width)
  for (let i = 0; i < count; i++) mask!(from + i, masks, i * height * width)
  return masks
}

/** The same with our outputs, bit-exact, for a runner to be held against. */
export const partsOfPixels = (
  graph: Graph,
  preprocess: Preprocess,
  split: Split,
  how: { readonly threads: number; readonly rounding: Rounding },
  of = split.count,
): VerifyParts => ({
  output: graph.tensors[graph.outputs[0]!]!,
  ...{ of, digest: split.digest },
  inputOf: (sample) => new Uint8Array(quantisedInputs(graph, preprocess, split, sample + 1, sample).buffer),
  async *from(first) {
    for (const { inputs, labels, samples } of pixelParts(graph, preprocess, split, first, of))
      yield { inputs: new Uint8Array(inputs.buffer), labels, samples, here: await executeAll(graph, inputs, how) }
  },
})
