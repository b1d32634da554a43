/** What a gate can judge: each metric's unit, source, and where the report keeps it. */
import type { Compiled, Finding } from '../target/define.ts'
import type { Report, Source } from './define.ts'

export type Metric = {
  readonly says: string
  readonly unit: 'share' | 'ms' | 'bytes' | 'count' | 'cycles' | 'steps' | 'dB'
  /** `device`: measured where the runner is a runtime of its own, computed where it is our executor. */
  readonly source: Source | 'device'
  /** Which way is a gain. */
  readonly better: 'higher' | 'lower'
  /** Undefined where this run did not produce it. */
  of(report: Omit<Report, 'verdict'>): number | undefined
  /** Why there is none, where more can be said than that this run did not produce it. */
  why?(report: Omit<Report, 'verdict'>): string | undefined
}

const worst = (values: readonly (number | undefined)[], pick: (...v: number[]) => number) => {
  const known = values.filter((v) => v !== undefined)
  return known.length ? pick(...known) : undefined
}

const better =
  (way: Metric['better']) =>
  (says: string, unit: Metric['unit'], source: Metric['source'], of: Metric['of']): Metric => ({ says, unit, source, better: way, of })
const high = better('higher')
const low = better('lower')

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

/** Of the slowest runner; times that are not stable are no ground for a verdict. */
const unstableOf = ({ runs }: Omit<Report, 'verdict'>) => runs.find((run) => run.measurement?.latency.unstable)
const onRunner = (says: string, what: 'medianMs' | 'p99Ms'): Metric => ({
  ...low(says, 'ms', 'device', (r) =>
    unstableOf(r)
      ? undefined
      : worst(
          r.runs.map((run) => run.measurement?.latency[what]),
          Math.max,
        ),
  ),
  why: (r) => {
    const run = unstableOf(r)
    return run && `unstable on ${run.runner}: ${run.measurement?.latency.unstable}`
  },
})

export const metrics = {
  floatAccuracy: high('accuracy of the float network on the test set', 'share', 'computed', (r) => r.float.accuracy),
  int8Accuracy: high('accuracy of the int8 file on the test set', 'share', 'computed', (r) => r.int8.accuracy),
  accuracyDrop: low('float accuracy minus int8 accuracy', 'share', 'computed', (r) => r.float.accuracy - r.int8.accuracy),
  lowestRecall: high('recall of the class that int8 knows worst', 'share', 'computed', (r) =>
    worst(
      r.int8.recall.map((v) => v ?? undefined),
      Math.min,
    ),
  ),
  floatMeanIou: high('mean IoU of the float network on the test set, where it answers pixels', 'share', 'computed', (r) => r.float.meanIou),
  int8MeanIou: high('mean IoU of the int8 file on the test set', 'share', 'computed', (r) => r.int8.meanIou),
  meanIouDrop: low('float mean IoU minus int8 mean IoU', 'share', 'computed', (r) =>
    r.float.meanIou === undefined || r.int8.meanIou === undefined ? undefined : r.float.meanIou - r.int8.meanIou,
  ),
  lowestIou: high('IoU of the class that int8 knows worst', 'share', 'computed', (r) =>
    worst(r.int8.iou?.map((v) => v ?? undefined) ?? [], Math.min),
  ),
  lowestSqnrDb: high('signal to quantisation noise of the worst layer', 'dB', 'computed', (r) =>
    worst(r.layerErrors?.map((l) => l.sqnrDb ?? Infinity) ?? [], Math.min),
  ),
  latencyMs: low('latency on the target by the estimate', 'ms', 'estimated', (r) => r.estimate.latencyMs),
  totalCycles: low('cycles on the target by the estimate', 'cycles', 'estimated', (r) => r.estimate.totalCycles),
  arenaBytes: low('memory for activations by the plan', 'bytes', 'computed', (r) => r.estimate.arenaBytes),
  weightBytes: low('weights as the accelerator stores them', 'bytes', 'estimated', (r) => r.estimate.weightBytes),
  modelBytes: low('size of the file', 'bytes', 'computed', (r) => r.model.bytes),
  sramBytes: low(
    'SRAM that the model takes: by the compiler, or where it did not compile by the plan',
    'bytes',
    'computed',
    (r) => compiledOf(r)?.arenaBytes ?? r.estimate.arenaBytes,
  ),
  flashBytes: low(
    'flash that the model takes: the compiled file, or where there is none the file itself',
    'bytes',
    'computed',
    (r) => compiledOf(r)?.outputBytes ?? r.model.bytes,
  ),
  cpuOperators: low('operators that the accelerator leaves to the CPU', 'count', 'computed', (r) => r.check.placement.cpu),
  compiledCycles: low('cycles on the target by its compiler', 'cycles', 'estimated', (r) => compiledOf(r)?.totalCycles),
  compiledLatencyMs: low('latency on the target by its compiler', 'ms', 'estimated', (r) => compiledOf(r)?.latencyMs),
  compiledArenaBytes: low('memory for activations by the compiler', 'bytes', 'computed', (r) => compiledOf(r)?.arenaBytes),
  compiledCpuOperators: low('operators that the compiler leaves to the CPU', 'count', 'computed', (r) => compiledOf(r)?.cpuOperators),
  compiledBytes: low('size of the compiled file', 'bytes', 'computed', (r) => compiledOf(r)?.outputBytes),
  errors: low('findings that are errors', 'count', 'computed', countOf('error')),
  warnings: low('findings that are warnings', 'count', 'computed', countOf('warning')),
  notes: low('findings that are notes', 'count', 'computed', countOf('note')),
  reproduced: {
    ...high(
      '1 where the model was built again to the same bytes, 0 to others',
      'count',
      'computed',
      (r) => r.reproduction && Number(r.reproduction.same),
    ),
    why: () => 'peapod reproduce has not built this model again',
  },
  deviceAccuracy: high('accuracy on the runner', 'share', 'device', (r) =>
    worst(
      r.runs.map((run) => run.agreement?.accuracy),
      Math.min,
    ),
  ),
  deviceMeanIou: high('mean IoU on the runner', 'share', 'device', (r) =>
    worst(
      r.runs.map((run) => run.agreement?.meanIou),
      Math.min,
    ),
  ),
  agreement: high('share of samples, or of pixels, with the same class on the runner', 'share', 'device', (r) =>
    worst(
      r.runs.map((run) => run.agreement?.agreement),
      Math.min,
    ),
  ),
  maxDifference: low('largest difference of an output on the runner', 'steps', 'device', (r) =>
    worst(
      r.runs.map((run) => run.agreement?.maxDifference),
      Math.max,
    ),
  ),
  runnerMedianMs: onRunner('median latency on the runner', 'medianMs'),
  runnerP99Ms: onRunner('99th percentile of latency on the runner', 'p99Ms'),
} as const satisfies Readonly<Record<string, Metric>>

export type MetricName = keyof typeof metrics
export const metricNames = Object.keys(metrics) as MetricName[]

/** How a metric of this report came about. */
export const sourceOf = ({ source }: Metric, { runs }: Pick<Report, 'runs'>): Source =>
  source !== 'device' ? source : runs.some((run) => run.measurement?.description.timing === 'measured') ? 'measured' : 'computed'
