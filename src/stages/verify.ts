/** Runs the file elsewhere: latency, and agreement over the test set. */
import { measureLatency } from '../device/latency.ts'
import { openRunner } from '../device/open.ts'
import { forecast, verifyParts } from '../device/verify.ts'
import { readTflite } from '../formats/tflite/read.ts'
import type { Report } from '../report/define.ts'
import { scoreWords } from '../report/score-words.ts'
import { milliseconds, percent } from '../report/writers/words.ts'
import { defineStage } from './define.ts'
import { quantisedInputs } from './inputs.ts'
import { partsOfPixels } from './pixel-parts.ts'

const timeoutMs = 120_000
/** A run of many devices meets another at a board now and then: it queues. */
const waitMs = 600_000

export const verify = defineStage<'project' | 'data' | 'model' | 'executed', 'runs'>({
  name: 'verify',
  says: 'run the file on the runner',
  key: ({ project, data, model }) => ({ runner: project.runner, model: model.sha256, test: data.set.splits.test.digest }),
  make: async ({ project, data, model, executed }, { progress, signal, threads }) => {
    const graph = readTflite(model.bytes)
    const { test } = data.set.splits
    const runner = await openRunner(project.runner, { timeoutMs, waitMs, signal, note: progress.note })
    try {
      const measurement = await measureLatency(runner, model.bytes, new Uint8Array(quantisedInputs(graph, data.preprocess, test, 1).buffer))
      const long = forecast(await runner.describe(), test.count)
      if (long) progress.note(long)
      const output = graph.tensors[graph.outputs[0]!]!
      const parts = executed.outputs
        ? [{ inputs: new Uint8Array(quantisedInputs(graph, data.preprocess, test).buffer), labels: test.labels, here: executed.outputs }]
        : partsOfPixels(graph, data.preprocess, test, threads)
      const agreement = await verifyParts(runner, output, parts, (done) =>
        progress.bar({ label: 'verify', done, total: test.count, says: `${done} of ${test.count} images` }),
      )
      progress.note(
        `${measurement.runner} median ${milliseconds(measurement.latency.medianMs)}, ${scoreWords(agreement)}, agreement ${percent(agreement.agreement)}`,
      )
      const runs: Report['runs'] = [{ runner: project.runner, measurement, agreement }]
      return { 'runs.json': `${JSON.stringify(runs, null, 2)}\n` }
    } finally {
      await runner.close()
    }
  },
  load: async (files) => ({ runs: JSON.parse(Buffer.from(files['runs.json']!).toString()) as Report['runs'] }),
})
