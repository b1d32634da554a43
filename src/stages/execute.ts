/** Runs the file bit-exactly over the whole test set. */
import { thumbnail } from '../data/thumbnail.ts'
import { decodeImageScores, type ImageScores, imagesRight } from '../execute/image-scores.ts'
import { evaluate } from '../execute/pool/evaluate.ts'
import { evaluatePixels } from '../execute/pool/evaluate-pixels.ts'
import { readTflite } from '../formats/tflite/read.ts'
import { imageNoise } from '../report/compare/image-noise.ts'
import type { Report, WorstImage } from '../report/define.ts'
import { scoreWords } from '../report/score-words.ts'
import { sha256 } from '../runs/files.ts'
import type { Files } from '../runs/folder.ts'
import { defineStage, type State, type World } from './define.ts'
import { quantisedInputs } from './inputs.ts'
import { pixelParts } from './pixel-parts.ts'
import { predictionSheet } from './prediction-sheet.ts'
import { worstAnswers, worstMasks } from './worst-images.ts'

const rounding = 'tflm'

export const execute = defineStage<'project' | 'data' | 'model' | 'trained', 'executed'>({
  name: 'execute',
  says: 'run the file bit-exactly over the test set',
  key: ({ data, model, trained: { testImages } }) => ({
    ...{ model: model.sha256, test: data.set.splits.test.digest, files: 2 },
    ...(testImages && { float: sha256(testImages) }),
  }),
  make: async (state, world) => {
    const { test } = state.data.set.splits
    const { int8, images, worst, files } = test.mask ? await ofPixels(state, world) : await ofImages(state, world)
    const { testImages } = state.trained
    const noise = testImages ? imageNoise(decodeImageScores(testImages, test.count), images, state.data.set.classes.length) : {}
    world.progress.note(`int8 test ${scoreWords(int8)} at ${rateWords(int8.imagesPerSecond)} images/s`)
    return {
      'int8.json': `${JSON.stringify(int8)}\n`,
      'noise.json': `${JSON.stringify(noise)}\n`,
      'worst.json': `${JSON.stringify(worst)}\n`,
      ...files,
    }
  },
  load: async (files) => {
    const json = (name: string): unknown => JSON.parse(Buffer.from(files[name]!).toString())
    const outputs = files['outputs.bin']?.slice()
    const pictures = Object.keys(files).filter((name) => name.endsWith('.png')).sort() // biome-ignore format: one line
    return {
      executed: {
        int8: json('int8.json') as Report['int8'],
        noise: json('noise.json') as State['executed']['noise'],
        worst: json('worst.json') as State['executed']['worst'],
        pictures: pictures.map((name) => files[name]!),
        ...(outputs && { outputs: new Int8Array(outputs.buffer) }),
      },
    }
  },
})

type Made = { readonly int8: Report['int8']; readonly images: ImageScores; readonly worst: readonly WorstImage[]; readonly files: Files }

async function ofImages({ data, model }: Pick<State, 'data' | 'model'>, { threads }: World): Promise<Made> {
  const { test } = data.set.splits
  const graph = readTflite(model.bytes)
  const classes = data.set.classes.length
  const inputs = quantisedInputs(graph, data.preprocess, test)
  const { outputs, ...scored } = await evaluate(model.bytes, inputs, test.labels, classes, { threads, rounding })
  const worst = worstAnswers(outputs, test.labels, classes, graph.tensors[graph.outputs[0]!]!.quant)
  const pictures = await Promise.all(worst.map(async ({ sample }, i) => [`worst-${i}.png`, await thumbnail(test, sample)] as const))
  return {
    int8: { ...scored, rounding },
    images: imagesRight(outputs, test.labels, classes),
    worst,
    files: {
      'outputs.bin': new Uint8Array(outputs.buffer, outputs.byteOffset, outputs.byteLength),
      ...Object.fromEntries(pictures),
    },
  }
}

/** The outputs of all pixels together are too much to keep: a picture shows some. */
async function ofPixels({ data, model }: Pick<State, 'data' | 'model'>, { threads, progress }: World): Promise<Made> {
  const { test } = data.set.splits
  const graph = readTflite(model.bytes)
  const classes = data.set.classes.length
  const options = { threads, rounding } as const
  const images: ImageScores[] = []
  const scored = await evaluatePixels(graph, pixelParts(graph, data.preprocess, test), classes, options, (done, scores) => {
    images.push(scores)
    progress.bar({ label: 'execute', done, total: test.count, says: 'images' })
  })
  const worst = worstMasks(images.flat(), classes)
  const places = worst.map(({ sample }) => sample)
  return {
    int8: { ...scored, rounding },
    images: images.flat(),
    worst,
    files: { 'worst.png': await predictionSheet(graph, data, options, places) },
  }
}

const rateWords = (n: number): string => (n < 10 ? n.toFixed(1) : `${Math.round(n)}`)
