/** What a run has to say: the report, the gates that judge it, and the verdict. */
import type { Agreement, Measurement } from '../device/define.ts'
import type { CheckResult, Compiled, Estimate } from '../target/define.ts'

/** How a number came about; a reader must never take an estimate for a measurement. */
export type Source = 'estimated' | 'measured' | 'computed'

export type Accuracy = {
  /** Images. */
  readonly samples: number
  /** Of images; of pixels where the network answers those, as are recall and confusion. */
  readonly accuracy: number
  /** Recall of each class, in the order of the classes; NaN is never used: a class without samples is null. */
  readonly recall: readonly (number | null)[]
  /** confusion[actual][predicted], counts. */
  readonly confusion: readonly (readonly number[])[]
  /** Where the network answers pixels: how many count, the intersection over union of each class (null where it is nowhere), and their mean. */
  readonly pixels?: number
  readonly iou?: readonly (number | null)[]
  readonly meanIou?: number
}

export type LayerNoise = {
  readonly name: string
  readonly op: string
  /** Signal to quantisation noise; null where nothing differs. */
  readonly sqnrDb: number | null
  /** The largest difference, in quantisation steps of the tensor. */
  readonly maxSteps: number
}

/** Where feature maps lie over time, and what each node moves; in the order of the file's nodes. */
export type MemoryPicture = {
  readonly steps: number
  readonly bytes: number
  /** The largest sum of sizes alive at one time: no plan is smaller. */
  readonly lowerBound: number
  readonly tensors: readonly {
    readonly name: string
    readonly start: number
    readonly end: number
    readonly offset: number
    readonly bytes: number
  }[]
  /** Bytes that each node reads and writes once: maps, weights, biases. */
  readonly movedBytes: readonly number[]
}

/** Of a network that answers a class: what it said, what is true, and the output of each, in real values. Of one that answers pixels: its IoU. */
export type WorstImage = { readonly sample: number } & (
  | { readonly actual: number; readonly predicted: number; readonly score: number; readonly scoreOfActual: number }
  | { readonly meanIou: number; readonly accuracy: number }
)

/** A second building of the model, as `peapod reproduce` records it. */
export type Reproduction = {
  /** The digest of the file that was built again. */
  readonly of: string
  readonly sha256: string
  readonly same: boolean
  readonly peapod: string
  readonly node: string
  readonly cpu: string
  readonly at: string
}

export type Report = {
  readonly schemaVersion: '1'
  readonly peapod: string
  readonly target: string
  readonly network: string
  readonly data: {
    readonly name: string
    readonly classes: readonly string[]
    readonly digests: Readonly<Record<string, string>>
    /** Image files that could not be read and were left out, as the settings allow. */
    readonly skipped?: number | undefined
  }
  readonly seed: number
  readonly model: {
    readonly file: string
    readonly sha256: string
    readonly bytes: number
    readonly operators: number
    readonly parameters: number
  }
  readonly training?: {
    readonly epochs: number
    readonly bestEpoch: number
    readonly durationMs: number
    readonly imagesPerSecond: number
    /** One entry an epoch, as the loop records them: loss, accuracy, validationLoss, validationAccuracy, alpha, rate; of pixels also validationMeanIou. */
    readonly curve?: readonly Readonly<Record<string, number>>[]
  }
  /** Largest difference a stage made on real batches, as a share of the largest output. */
  readonly stages: Readonly<Record<string, number>>
  /** What quantisation costs each tensor, where the run measured it. */
  readonly layerErrors?: readonly LayerNoise[]
  /** How ranges were chosen, what each refinement gained, which layers stayed wide and why: in words. */
  readonly quantisation?: readonly string[]
  readonly float: Accuracy
  readonly int8: Accuracy & { readonly rounding: string; readonly imagesPerSecond: number; readonly emulated?: boolean }
  /** 95 % intervals by metric, of what counts by class do not tell: a bootstrap over the test images, float and int8 drawn together. */
  readonly noise?: Readonly<Record<string, readonly [number, number]>>
  /** The test images that int8 gets wrong the most, the worst first. */
  readonly worst?: readonly WorstImage[]
  readonly check: CheckResult
  readonly estimate: Estimate
  readonly memory?: MemoryPicture
  /** What the machine can do at most, by its profile: the roofs of the roofline. */
  readonly machine?: { readonly macsPerCycle: number; readonly bytesPerCycle?: number }
  /** What the vendor's compiler says, or why it said nothing. */
  readonly compiled?: Compiled | { readonly missing: string }
  readonly runs: readonly {
    readonly runner: string
    readonly measurement?: Measurement
    readonly agreement?: Agreement
    /** Of our answers that its were held against; `tflm` where nothing is said. */
    readonly rounding?: string
  }[]
  /** Of this very file; absent until it was built again. */
  readonly reproduction?: Reproduction
  readonly verdict: Verdict
}

/** One limit on one metric. `metric` is a name in `metrics.ts`. */
export type Gate = {
  readonly metric: string
  readonly atLeast?: number
  readonly atMost?: number
  /** How much worse than the baseline it may be: in the metric's own unit, or a share of the baseline's value, such as `5%`. */
  readonly worseBy?: number | string
  readonly level?: 'fail' | 'warn'
  /** What a metric that is not there means; `fail` by default. */
  readonly missing?: 'fail' | 'warn' | 'skip'
}

export type Judgement = {
  readonly metric: string
  readonly outcome: 'pass' | 'warn' | 'fail' | 'skip'
  readonly value: number | null
  readonly limit: Pick<Gate, 'atLeast' | 'atMost'>
  /** How far the value is inside its limit, in the metric's unit; negative outside. */
  readonly margin: number | null
  readonly unit: string
  readonly source: Source
  /** The baseline's value, where the limit is relative to it. */
  readonly baseline?: number
  readonly reason?: string
}

export type Verdict = {
  readonly outcome: 'pass' | 'warn' | 'fail'
  readonly exitCode: 0 | 1
  readonly judgements: readonly Judgement[]
}
