/** Estimates cycles, latency and memory on the target. */
import { readTflite } from '../formats/tflite/read.ts'
import type { Graph } from '../graph/ir/graph.ts'
import { milliseconds } from '../report/writers/words.ts'
import type { Estimate } from '../target/define.ts'
import { simulate as simulateModel } from '../target/simulate/simulate.ts'
import { defineStage } from './define.ts'

export const simulate = defineStage<'target' | 'model', 'estimate'>({
  name: 'simulate',
  says: 'estimate latency and memory on the target',
  key: ({ target, model }) => ({ target, model: model.sha256 }),
  make: async ({ target, model }, { progress }) => {
    const estimate = simulateModel(readTflite(model.bytes) as Graph<'quantised'>, target)
    progress.note(`${milliseconds(estimate.latencyMs)} estimated by ${estimate.model}`)
    return { 'estimate.json': `${JSON.stringify(estimate, null, 2)}\n` }
  },
  load: async (files) => ({ estimate: JSON.parse(Buffer.from(files['estimate.json']!).toString()) as Estimate }),
})
