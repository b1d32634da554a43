/** What a stage of `deploy` is, what it may use of the world, and what the stages hand on. */
import type { Project } from '../config/schema.ts'
import type { DataSet } from '../data/define.ts'
import type { Leaks } from '../data/leaks.ts'
import type { Preprocess } from '../data/preprocess.ts'
import type { Elements } from '../graph/ir/graph.ts'
import type { LearntRanges } from '../quantise/fake/define.ts'
import type { Accuracy, Report } from '../report/define.ts'
import type { Files } from '../runs/folder.ts'
import type { CheckResult, Estimate } from '../target/define.ts'
import type { Target } from '../target/profiles/schema.ts'
import type { Handover } from './handover.ts'
import type { Quantisation } from './quantisation.ts'

export type Progress = {
  stage(name: string, says: string): void
  note(text: string): void
  /** `done` of `total`; drawn at most some times a second. */
  bar(at: { readonly label: string; readonly done: number; readonly total: number; readonly says: string }): void
  end(): void
}

/** What a stage may use of the world. */
export type World = {
  readonly progress: Progress
  readonly signal: AbortSignal
  readonly threads: number
  /** Measure each kernel of the training, on one thread, and print the table. */
  readonly profile: boolean
  /** Say which backend trains and which kernels fell back. */
  readonly verbose: boolean
  /** A file that survives an interrupted stage, such as a checkpoint. */
  readonly scratch: {
    read(): Promise<Uint8Array | undefined>
    write(bytes: Uint8Array): Promise<void>
  }
}

/** What the stages have made so far. */
export type State = {
  readonly project: Project
  readonly target: Target
  readonly data: { readonly set: DataSet; readonly preprocess: Preprocess; readonly leaks: Leaks }
  readonly trained: {
    readonly weights: ReadonlyMap<string, Float32Array>
    readonly history: TrainingHistory
    readonly float: Accuracy
    /** How the float network did on each test image, as `decodeImageScores` takes it; absent from runs of an earlier Peapod. */
    readonly testImages?: Uint8Array
    /** The ranges that it was trained for, where it was trained for int8. */
    readonly ranges?: LearntRanges
  }
  readonly model: {
    readonly bytes: Uint8Array
    readonly sha256: string
    readonly operators: number
    readonly parameters: number
    /** The largest difference each graph stage made, as a share of the largest output. */
    readonly differences: Readonly<Record<string, number>>
    /** How the ranges were chosen, and which refinements stayed. */
    readonly quantisation: Quantisation
    /** What quantisation costs each tensor, over some validation images. */
    readonly layerErrors: NonNullable<Report['layerErrors']>
    readonly calibration: Calibration
    /** For a machine whose importer takes a float model. */
    readonly handover?: Handover
  }
  readonly check: CheckResult
  readonly estimate: Estimate
  readonly memory: NonNullable<Report['memory']>
  readonly compiled: {
    readonly outcome: NonNullable<Report['compiled']>
    /** The file that the machine takes, where it was compiled. */
    readonly bytes?: Uint8Array
  }
  readonly executed: {
    readonly int8: Report['int8']
    /** Of all test images one after the other; absent where the network answers pixels. */
    readonly outputs?: Elements
    readonly worst: NonNullable<Report['worst']>
    readonly noise: NonNullable<Report['noise']>
    /** A PNG of each of the worst images; or one of all beside the truth, where it answers pixels. */
    readonly pictures: readonly Uint8Array[]
  }
  readonly runs: Report['runs']
  readonly report: Report
}

/** The images that the ranges came from. */
export type Calibration = {
  readonly split: 'train'
  readonly seed: number
  readonly indices: readonly number[]
  /** SHA-256 over the SHA-256 of each image, in their order. */
  readonly sha256: string
  /** How many images of the other splits are byte for byte among them. */
  readonly alsoIn: { readonly validation: number; readonly test: number }
}

export type TrainingHistory = {
  readonly epochs: readonly Readonly<Record<string, number>>[]
  readonly bestEpoch: number
  readonly durationMs: number
  readonly imagesPerSecond: number
}

export type Stage<Needs extends keyof State, Gives extends keyof State> = {
  readonly name: string
  /** In words, for the progress line. */
  readonly says: string
  /** All that its result depends on, as JSON or a promise of it; what it made is kept under the digest of this. */
  key(state: Pick<State, Needs>): unknown
  make(state: Pick<State, Needs>, world: World): Promise<Files>
  /** From its files to what it gives: the same for files just made and files of an earlier run. */
  load(files: Readonly<Record<string, Uint8Array>>, state: Pick<State, Needs>): Promise<Pick<State, Gives>>
}

export const defineStage = <Needs extends keyof State, Gives extends keyof State>(stage: Stage<Needs, Gives>): Stage<Needs, Gives> => stage

/** A stage as the pipeline's loop sees it: order is the loop's, types are the list's. */
export type AnyStage = Stage<keyof State, keyof State>
