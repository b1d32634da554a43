/** Holds the file that the machine takes against the target. */
import { readTflite } from '../formats/tflite/read.ts'
import { sha256 } from '../runs/files.ts'
import { check as checkModel } from '../target/check/check.ts'
import type { CheckResult } from '../target/define.ts'
import { defineStage } from './define.ts'

export const check = defineStage<'target' | 'model', 'check'>({
  name: 'check',
  says: 'hold the file against the target',
  key: ({ target, model }) => ({ target, model: model.sha256, ...(model.handover && { float: sha256(model.handover.model) }) }),
  make: async ({ target, model }, { progress }) => {
    const result = checkModel(readTflite(model.handover?.model ?? model.bytes), target)
    progress.note(
      `${result.placement.accelerator} operators on the accelerator, ${result.placement.cpu} on the CPU, ${result.findings.length} findings`,
    )
    return { 'check.json': `${JSON.stringify(result, null, 2)}\n` }
  },
  load: async (files) => ({ check: JSON.parse(Buffer.from(files['check.json']!).toString()) as CheckResult }),
})
