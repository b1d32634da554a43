/** The float and the int8 form of one network on the same images: the scores of both, and how often they say the same. */
import type { Split } from '../data/define.ts'
import type { Preprocess } from '../data/preprocess.ts'
import { executeAll } from '../execute/pool/execute-all.ts'
import { agreement, type Score, score } from '../execute/score.ts'
import { addPixels, classesOf, noPixels, type PixelScore, pixelScore } from '../execute/segment-score.ts'
import { type Graph, size } from '../graph/ir/graph.ts'
import { floatOutputs } from './float-outputs.ts'
import { quantisedInputs } from './inputs.ts'
import { masksOf, partImages } from './pixel-parts.ts'

export type Forms<S> = {
  /** 0 to 1; of images, or of pixels. */
  readonly agreed: number
  /** Absent where a network of other classes than the data set's has none here. */
  readonly scores?: { readonly float: S; readonly int8: S }
}

export async function compareImages(
  float: Graph,
  int8: Graph<'quantised'>,
  preprocess: Preprocess,
  split: Split,
  threads: number,
): Promise<Forms<Score>> {
  const classes = size(int8.tensors[int8.outputs[0]!]!.shape)
  const { labels, count } = split
  const exact = await floatOutputs(float, preprocess, split, 0, count, threads)
  const steps = await executeAll(int8, quantisedInputs(int8, preprocess, split), { threads })
  const agreed = agreement(exact, steps, classes)
  if (labels.some((label) => label >= classes)) return { agreed }
  return { agreed, scores: { float: score(exact, labels, classes), int8: score(steps, labels, classes) } }
}

/** In parts; agreement counts every pixel, labelled or not. */
export async function comparePixels(
  float: Graph,
  int8: Graph<'quantised'>,
  preprocess: Preprocess,
  split: Split,
  threads: number,
): Promise<Forms<PixelScore>> {
  const classes = int8.tensors[int8.outputs[0]!]!.shape.at(-1)!
  const counts = { float: noPixels(classes), int8: noPixels(classes) }
  let [agreed, pixels] = [0, 0]
  const step = Math.max(1, partImages(int8) >> 2)
  for (let from = 0; from < split.count; from += step) {
    const to = Math.min(split.count, from + step)
    const masks = masksOf(split, from, to - from)
    const exact = classesOf(await floatOutputs(float, preprocess, split, from, to, threads), classes)
    const steps = classesOf(await executeAll(int8, quantisedInputs(int8, preprocess, split, to, from), { threads }), classes)
    addPixels(counts.float, exact, masks)
    addPixels(counts.int8, steps, masks)
    for (let i = 0; i < exact.length; i++) if (exact[i] === steps[i]) agreed++
    pixels += exact.length
  }
  return {
    agreed: agreed / pixels,
    scores: { float: pixelScore(counts.float, split.count), int8: pixelScore(counts.int8, split.count) },
  }
}
