/** Runs the file bit-exactly over the whole test set. */
import { evaluate } from '../execute/pool/evaluate.ts'
import { evaluatePixels } from '../execute/pool/evaluate-pixels.ts'
import { readTflite } from '../formats/tflite/read.ts'
import type { Report } from '../report/define.ts'
import { scoreWords } from '../report/score-words.ts'
import type { Files } from '../runs/folder.ts'
import { defineStage, type State, type World } from './define.ts'
import { quantisedInputs } from './inputs.ts'
import { pixelParts } from './pixel-parts.ts'
import { predictionSheet } from './prediction-sheet.ts'

const rounding = 'tflm'

export const execute = defineStage<'project' | 'data' | 'model', 'executed'>({
  name: 'execute',
  says: 'run the file bit-exactly over the test set',
  key: ({ data, model }) => ({ model: model.sha256, test: data.set.splits.test.digest }),
  make: async (state, world) => {
    const [int8, files] = state.data.set.splits.test.mask ? await ofPixels(state, world) : await ofImages(state, world)
    world.progress.note(`int8 test ${scoreWords(int8)} at ${rateWords(int8.imagesPerSecond)} images/s`)
    return { 'int8.json': `${JSON.stringify(int8)}\n`, ...files }
  },
  load: async (files) => {
    const outputs = files['outputs.bin']?.slice()
    const picture = files['prediction.png']
    return {
      executed: {
        int8: JSON.parse(Buffer.from(files['int8.json']!).toString()) as Report['int8'],
        ...(outputs && { outputs: new Int8Array(outputs.buffer) }),
        ...(picture && { picture }),
      },
    }
  },
})

type Made = readonly [Report['int8'], Files]

async function ofImages({ data, model }: Pick<State, 'data' | 'model'>, { threads }: World): Promise<Made> {
  const { test } = data.set.splits
  const inputs = quantisedInputs(readTflite(model.bytes), data.preprocess, test)
  const { outputs, ...scored } = await evaluate(model.bytes, inputs, test.labels, data.set.classes.length, { threads, rounding })
  return [{ ...scored, rounding }, { 'outputs.bin': new Uint8Array(outputs.buffer, outputs.byteOffset, outputs.byteLength) }]
}

/** The outputs of all pixels together are too much to keep: a picture shows some. */
async function ofPixels({ data, model }: Pick<State, 'data' | 'model'>, { threads, progress }: World): Promise<Made> {
  const { test } = data.set.splits
  const graph = readTflite(model.bytes)
  const options = { threads, rounding } as const
  const scored = await evaluatePixels(graph, pixelParts(graph, data.preprocess, test), data.set.classes.length, options, (done) =>
    progress.bar({ label: 'execute', done, total: test.count, says: 'images' }),
  )
  return [{ ...scored, rounding }, { 'prediction.png': await predictionSheet(graph, data, options) }]
}

const rateWords = (n: number): string => (n < 10 ? n.toFixed(1) : `${Math.round(n)}`)
