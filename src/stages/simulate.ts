/** Estimates cycles, latency and memory on the target. */
import { readTflite } from '../formats/tflite/read.ts'
import type { Graph } from '../graph/ir/graph.ts'
import type { MemoryPicture } from '../report/define.ts'
import { memoryPicture } from '../report/memory-picture.ts'
import { milliseconds } from '../report/writers/words.ts'
import type { Estimate } from '../target/define.ts'
import { simulate as simulateModel } from '../target/simulate/simulate.ts'
import { defineStage } from './define.ts'

export const simulate = defineStage<'target' | 'model', 'estimate' | 'memory'>({
  name: 'simulate',
  says: 'estimate latency and memory on the target',
  key: ({ target, model }) => ({ target, model: model.sha256, files: 2 }),
  make: async ({ target, model }, { progress }) => {
    const graph = readTflite(model.bytes) as Graph<'quantised'>
    const estimate = simulateModel(graph, target)
    const memory = memoryPicture(graph, target.memory?.inPlace)
    progress.note(`${milliseconds(estimate.latencyMs)} estimated by ${estimate.model}`)
    return { 'estimate.json': `${JSON.stringify(estimate, null, 2)}\n`, 'memory.json': `${JSON.stringify(memory)}\n` }
  },
  load: async (files) => ({
    estimate: JSON.parse(Buffer.from(files['estimate.json']!).toString()) as Estimate,
    memory: JSON.parse(Buffer.from(files['memory.json']!).toString()) as MemoryPicture,
  }),
})
