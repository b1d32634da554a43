/** A report of a network with many layers and classes, with all that a run can give. */
import type { Report } from '../../src/report/define.ts'
import { judge } from '../../src/report/judge.ts'
import { sampleReport } from './report.ts'

const bounds = ['mac', 'external', 'output', 'weight-dma']

/** `name` stands for each name that a user chooses. */
export function longReport(layers: number, classes: number, name = 'layer'): Report {
  const count = (n: number) => Array.from({ length: n }, (_, i) => i)
  const rows = count(layers).map((i) => ({
    name: `${name} ${i}`,
    op: i % 3 ? 'conv-2d' : 'add',
    macs: 1000 * ((i * 7919) % 101),
    cycles: 100 + 100 * ((i * 104_729) % 997),
    boundBy: bounds[i % 4]!,
    terms: { mac: 10, external: 50 + (i % 9) },
  }))
  const totalCycles = rows.reduce((sum, l) => sum + l.cycles, 0)
  const confusion = count(classes).map((a) => count(classes).map((p): number => (a === p ? 90 : (a * 31 + p * 17) % 13 === 0 ? 3 : 0)))
  const recall = confusion.map((row, a) => row[a]! / row.reduce((x, y) => x + y, 0))
  const samples = confusion.flat().reduce((a, b) => a + b, 0)
  const accuracy = (90 * classes) / samples
  const facts: Omit<Report, 'verdict'> = {
    ...sampleReport,
    network: name,
    data: { name, classes: count(classes).map((c) => `${name} ${c}`), digests: { test: 'd' } },
    training: {
      ...sampleReport.training!,
      epochs: 20,
      bestEpoch: 18,
      curve: count(20).map((e) => ({ loss: 3 / (e + 1), accuracy: e / 20, validationLoss: 2 / (e + 1), validationAccuracy: e / 21, alpha: Math.min(1, e / 15) })), // biome-ignore format: a table
    },
    float: { samples, accuracy, recall, confusion },
    int8: { samples, accuracy, recall, confusion, rounding: 'tflm', imagesPerSecond: 1 },
    check: {
      ...sampleReport.check,
      findings: [{ ...sampleReport.check.findings[0]!, place: name, found: name }],
      placement: { accelerator: layers, cpu: 0, nodes: rows.map(() => 'accelerator') },
    },
    estimate: { ...sampleReport.estimate, layers: rows, totalCycles },
    machine: { macsPerCycle: 128, bytesPerCycle: 1 },
    layerErrors: rows.map((l, i) => ({ name: l.name, op: l.op, sqnrDb: 10 + (i % 30), maxSteps: 2 })),
    memory: {
      steps: layers,
      bytes: 4096,
      lowerBound: 4000,
      tensors: rows.map((l, i) => ({ name: l.name, start: i, end: Math.min(layers - 1, i + 1), offset: (i % 2) * 2048, bytes: 2000 })),
      movedBytes: rows.map(() => 3000),
    },
    compiled: {
      ...{ compiler: 'vela', version: '5.2.0', totalCycles, clockHz: 5e8, latencyMs: 2.5, cpuOperators: 0, acceleratorOperators: layers },
      ...{ arenaBytes: 4096, weightBytes: 800, outputBytes: 3000, findings: [] },
      layers: rows.map(({ name: n, op, cycles }) => ({ name: n, op, cycles: cycles + 10, place: 'accelerator' as const })),
    },
    runs: [
      {
        runner: `ssh://${name}`,
        measurement: {
          runner: name,
          description: { runner: name, facts: { runtime: name }, timing: 'measured' },
          latency: {
            ...{ runs: 100, initMs: 5, firstMs: 3, minMs: 2, medianMs: 2.2, meanMs: 2.3, p90Ms: 2.5, p99Ms: 3, deviationMs: 0.1 },
            ...{ medianRangeMs: [2.1, 2.3], p99RangeMs: [2.8, 3.3] },
            histogram: { edgesMs: [2, 2.2, 2.5, 3.3], counts: [50, 40, 10] },
          },
        },
      },
    ],
  }
  return { ...facts, verdict: judge(facts, [{ metric: 'int8Accuracy', atLeast: 0.99 }, { metric: 'agreement', atLeast: 1, missing: 'skip' }]) } // biome-ignore format: a list
}
