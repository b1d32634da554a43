/** A run as the documents of `evidence/` take it, on the sample report. */
import type { Settings } from '../../src/evidence/settings.ts'
import type { Report } from '../../src/report/define.ts'
import { judge } from '../../src/report/judge.ts'
import type { Provenance } from '../../src/runs/manifest.ts'
import { sampleReport } from '../samples/report.ts'

const stats = { runs: 3, initMs: 1, firstMs: 1, minMs: 1, medianMs: 1, meanMs: 1, p90Ms: 1, p99Ms: 1, deviationMs: 0 }

export function evidenceRun({ name = 'net', classes = ['yield', 'stop'] } = {}): {
  report: Report
  provenance: Provenance
  settings: Settings
} {
  const digest = 'ab'.repeat(32)
  const facts: Omit<Report, 'verdict'> = {
    ...sampleReport,
    network: name,
    data: { name: 'signs', classes, digests: { test: digest } },
    model: { ...sampleReport.model, sha256: digest },
    int8: { samples: 10, accuracy: 0.9, recall: [1, 0.8], confusion: [[5, 0], [1, 4]], rounding: 'tflm', imagesPerSecond: 500 }, // biome-ignore format: a table
    runs: [
      {
        runner: 'simulator:',
        measurement: {
          runner: 'simulator:',
          description: { runner: 'simulator:', facts: { rounding: 'tflm' }, timing: 'host' },
          latency: stats,
        },
        agreement: { runner: 'simulator:', samples: 10, accuracy: 0.9, accuracyHere: 0.9, agreement: 1, maxDifference: 0, bitEqual: 1 },
      },
    ],
  }
  const gates = [{ metric: 'int8Accuracy', atLeast: 0.85 }, { metric: 'cpuOperators', atMost: 0 }] // biome-ignore format: a table
  return {
    report: { ...facts, verdict: judge(facts, gates) },
    provenance: {
      target: facts.target,
      seed: 1,
      network: name,
      data: {
        name: 'signs',
        splits: { train: { count: 100, sha256: digest }, validation: { count: 10, sha256: digest }, test: { count: 10, sha256: digest } },
        shared: { trainTest: 3, validationTest: 0, trainValidation: 0 },
      },
      calibration: { count: 20, sha256: digest, alsoIn: { validation: 0, test: 1 } },
      runners: { 'simulator:': { rounding: 'tflm' } },
    },
    settings: {
      network: { use: 'mobilenet-v1' },
      data: { source: 'signs', seed: 1 },
      train: { recipe: 'default' },
      pea: { ensemble: 'stochastic', activation: 'mish', base: 'relu' },
      quantise: { method: 'min-max', calibration: 20 },
      runner: 'simulator:',
      seed: 1,
    },
  }
}
