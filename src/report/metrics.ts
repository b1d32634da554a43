/** What a gate can judge: each metric's unit, source, and where the report keeps it. */
import type { Compiled, Finding } from '../target/define.ts'
import type { Report, Source } from './define.ts'

export type Metric = {
  readonly says: string
  readonly unit: 'share' | 'ms' | 'bytes' | 'count' | 'cycles' | 'steps'
  /** `device`: measured where the runner is a runtime of its own, computed where it is our executor. */
  readonly source: Source | 'device'
  /** Undefined where this run did not produce it. */
  of(report: Omit<Report, 'verdict'>): number | undefined
}

const worst = (values: readonly (number | undefined)[], pick: (...v: number[]) => number) => {
  const known = values.filter((v) => v !== undefined)
  return known.length ? pick(...known) : undefined
}

const metric = (says: string, unit: Metric['unit'], source: Metric['source'], of: Metric['of']): Metric => ({ says, unit, source, of })

/** What the vendor's compiler says, where it was there. */
export const compiledOf = ({ compiled }: Pick<Report, 'compiled'>): Compiled | undefined =>
  compiled && 'compiler' in compiled ? compiled : undefined

/** Of our check and of the compiler. */
export const findingsOf = (report: Pick<Report, 'check' | 'compiled'>): readonly Finding[] => [
  ...report.check.findings,
  ...(compiledOf(report)?.findings ?? []),
]

const countOf = (severity: Finding['severity']) => (r: Omit<Report, 'verdict'>) =>
  findingsOf(r).filter((f) => f.severity === severity).length

export const metrics = {
  floatAccuracy: metric('accuracy of the float network on the test set', 'share', 'computed', (r) => r.float.accuracy),
  int8Accuracy: metric('accuracy of the int8 file on the test set', 'share', 'computed', (r) => r.int8.accuracy),
  accuracyDrop: metric('float accuracy minus int8 accuracy', 'share', 'computed', (r) => r.float.accuracy - r.int8.accuracy),
  lowestRecall: metric('recall of the class that int8 knows worst', 'share', 'computed', (r) =>
    worst(
      r.int8.recall.map((v) => v ?? undefined),
      Math.min,
    ),
  ),
  latencyMs: metric('latency on the target by the estimate', 'ms', 'estimated', (r) => r.estimate.latencyMs),
  totalCycles: metric('cycles on the target by the estimate', 'cycles', 'estimated', (r) => r.estimate.totalCycles),
  arenaBytes: metric('memory for activations by the plan', 'bytes', 'computed', (r) => r.estimate.arenaBytes),
  modelBytes: metric('size of the file', 'bytes', 'computed', (r) => r.model.bytes),
  cpuOperators: metric('operators that the accelerator leaves to the CPU', 'count', 'computed', (r) => r.check.placement.cpu),
  compiledCycles: metric('cycles on the target by its compiler', 'cycles', 'estimated', (r) => compiledOf(r)?.totalCycles),
  compiledLatencyMs: metric('latency on the target by its compiler', 'ms', 'estimated', (r) => compiledOf(r)?.latencyMs),
  compiledArenaBytes: metric('memory for activations by the compiler', 'bytes', 'computed', (r) => compiledOf(r)?.arenaBytes),
  compiledCpuOperators: metric('operators that the compiler leaves to the CPU', 'count', 'computed', (r) => compiledOf(r)?.cpuOperators),
  compiledBytes: metric('size of the compiled file', 'bytes', 'computed', (r) => compiledOf(r)?.outputBytes),
  errors: metric('findings that are errors', 'count', 'computed', countOf('error')),
  warnings: metric('findings that are warnings', 'count', 'computed', countOf('warning')),
  deviceAccuracy: metric('accuracy on the runner', 'share', 'device', (r) =>
    worst(
      r.runs.map((run) => run.agreement?.accuracy),
      Math.min,
    ),
  ),
  agreement: metric('share of samples with the same class on the runner', 'share', 'device', (r) =>
    worst(
      r.runs.map((run) => run.agreement?.agreement),
      Math.min,
    ),
  ),
  maxDifference: metric('largest difference of an output on the runner', 'steps', 'device', (r) =>
    worst(
      r.runs.map((run) => run.agreement?.maxDifference),
      Math.max,
    ),
  ),
  runnerMedianMs: metric('median latency on the runner', 'ms', 'device', (r) =>
    worst(
      r.runs.map((run) => run.measurement?.latency.medianMs),
      Math.max,
    ),
  ),
  runnerP99Ms: metric('99th percentile of latency on the runner', 'ms', 'device', (r) =>
    worst(
      r.runs.map((run) => run.measurement?.latency.p99Ms),
      Math.max,
    ),
  ),
} as const satisfies Readonly<Record<string, Metric>>

export type MetricName = keyof typeof metrics
export const metricNames = Object.keys(metrics) as MetricName[]

/** How a metric of this report came about. */
export const sourceOf = ({ source }: Metric, { runs }: Pick<Report, 'runs'>): Source =>
  source !== 'device' ? source : runs.some((run) => run.measurement?.description.timing === 'measured') ? 'measured' : 'computed'
