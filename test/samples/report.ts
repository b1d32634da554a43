/** A small report, complete, for tests of gates and writers. */
import type { Report } from '../../src/report/define.ts'

export const sampleReport: Omit<Report, 'verdict'> = {
  schemaVersion: '1',
  peapod: '0.0.0',
  target: 'ethos-u55-128',
  network: 'net <b> & "c"',
  data: { name: 'signs', classes: ['a', 'b'], digests: { test: 'd' } },
  seed: 1,
  model: { file: 'model.tflite', sha256: '0123456789abcdef0123', bytes: 2048, operators: 2, parameters: 1234 },
  training: { epochs: 2, bestEpoch: 2, durationMs: 1000, imagesPerSecond: 10 },
  stages: { strip: 0, fold: 1e-7 },
  float: { samples: 4, accuracy: 1, recall: [1, 1], confusion: [[2, 0], [0, 2]] }, // biome-ignore format: a table
  int8: { samples: 4, accuracy: 0.75, recall: [1, 0.5], confusion: [[2, 0], [1, 1]], rounding: 'tflm', imagesPerSecond: 500 }, // biome-ignore format: a table
  check: {
    target: 'ethos-u55-128',
    findings: [
      {
        code: 'stride',
        severity: 'error',
        node: 0,
        op: 'conv-2d',
        place: 'conv1',
        says: 'stride at most 3',
        found: 'stride 4',
        hint: 'Pool.',
      },
    ],
    placement: { accelerator: 1, cpu: 1, nodes: ['cpu', 'accelerator'] },
  },
  estimate: {
    target: 'ethos-u55-128',
    model: 'regor-5.2',
    clockHz: 5e8,
    totalCycles: 1_000_000,
    latencyMs: 2,
    arenaBytes: 4096,
    weightBytes: 1000,
    macs: 5000,
    layers: [
      { name: 'conv1', op: 'conv-2d', macs: 4000, cycles: 900_000, boundBy: 'mac', terms: { mac: 900_000 } },
      { name: 'fc', op: 'fully-connected', macs: 1000, cycles: 100_000, boundBy: 'external', terms: { mac: 10 } },
    ],
    notes: ['CPU operators are left out'],
  },
  runs: [],
}
