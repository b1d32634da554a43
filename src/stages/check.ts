/** Holds the file against the target. */
import { readTflite } from '../formats/tflite/read.ts'
import type { Graph } from '../graph/ir/graph.ts'
import { check as checkModel } from '../target/check/check.ts'
import type { CheckResult } from '../target/define.ts'
import { defineStage } from './define.ts'

export const check = defineStage<'target' | 'model', 'check'>({
  name: 'check',
  says: 'hold the file against the target',
  key: ({ target, model }) => ({ target, model: model.sha256 }),
  make: async ({ target, model }, { progress }) => {
    const result = checkModel(readTflite(model.bytes) as Graph<'quantised'>, target)
    progress.note(
      `${result.placement.accelerator} operators on the accelerator, ${result.placement.cpu} on the CPU, ${result.findings.length} findings`,
    )
    return { 'check.json': `${JSON.stringify(result, null, 2)}\n` }
  },
  load: async (files) => ({ check: JSON.parse(Buffer.from(files['check.json']!).toString()) as CheckResult }),
})
