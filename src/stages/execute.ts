/** Runs the file bit-exactly over the whole test set. */
import { evaluate } from '../execute/pool/evaluate.ts'
import { readTflite } from '../formats/tflite/read.ts'
import type { Report } from '../report/define.ts'
import { percent } from '../report/writers/words.ts'
import { defineStage } from './define.ts'
import { quantisedInputs } from './inputs.ts'

const rounding = 'tflm'

export const execute = defineStage<'project' | 'data' | 'model', 'executed'>({
  name: 'execute',
  says: 'run the file bit-exactly over the test set',
  key: ({ data, model }) => ({ model: model.sha256, test: data.set.splits.test.digest }),
  make: async ({ data, model }, { progress, threads }) => {
    const { test } = data.set.splits
    const inputs = quantisedInputs(readTflite(model.bytes), data.preprocess, test)
    const { outputs, ...scored } = await evaluate(model.bytes, inputs, test.labels, data.set.classes.length, { threads, rounding })
    const int8: Report['int8'] = { ...scored, rounding }
    progress.note(`int8 test accuracy ${percent(int8.accuracy)} at ${Math.round(int8.imagesPerSecond)} images/s`)
    return {
      'int8.json': `${JSON.stringify(int8)}\n`,
      'outputs.bin': new Uint8Array(outputs.buffer, outputs.byteOffset, outputs.byteLength),
    }
  },
  load: async (files) => {
    const bytes = files['outputs.bin']!.slice()
    return {
      executed: { int8: JSON.parse(Buffer.from(files['int8.json']!).toString()) as Report['int8'], outputs: new Int8Array(bytes.buffer) },
    }
  },
})
