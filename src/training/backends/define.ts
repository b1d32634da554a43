/** The contract of a training backend: makes a step of a model, keeps its weights, runs it forward. */
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { FakeQuantisation } from '../../quantise/fake/define.ts'

/** SGD with momentum (Sutskever et al. 2013), Adam (Kingma and Ba 2015), RAdam (Liu et al. 2020). */
export type OptimiserOptions =
  | { readonly name: 'sgd'; readonly momentum: number }
  | { readonly name: 'adam' | 'radam'; readonly beta1: number; readonly beta2: number; readonly epsilon: number }

export type StepOptions = {
  readonly batchSize: number
  readonly optimiser: OptimiserOptions
  /** Uniform label smoothing, 0 to below 1 (Szegedy et al. 2016). */
  readonly labelSmoothing: number
  /** The weight decay of each trainable weight, by its name; added to the gradient (L2 in the loss) unless `decoupledDecay`. */
  decayOf(weightName: string): number
  /** Takes rate * decay * weight off the weight itself instead (Loshchilov and Hutter 2019); false by default. */
  readonly decoupledDecay?: boolean
  readonly seed: number
  /** Worker threads; the bytes that come out do not depend on it. */
  readonly threads: number
  /**
   * Compute as the int8 file will: of a model whose normalisations were absorbed and whose ensembles have settled, in training and in
   * prediction. Only for a backend that `fakes`.
   */
  readonly fake?: FakeQuantisation
  /** Measure each kernel, on one thread: `Step.profile` has the figures. The bytes stay the same. */
  readonly profile?: boolean
}

export type Batch = {
  /** float32 [size, height, width, channels]; `size` may be below the step's batch size in prediction only. */
  readonly images: Float32Array
  /** One an image, or one a pixel of the output where the model answers [batch, height, width, classes]; negative is ignored. */
  readonly labels: Int32Array
  readonly size: number
}

export type StepResult = {
  /** Mean cross-entropy over the labels that count, natural logarithm, label smoothing included. */
  readonly loss: number
  /** Labels that the largest logit met, and labels that count. */
  readonly correct: number
  readonly counted: number
}

/** What one kernel took, over all training steps so far. */
export type KernelTime = { readonly kernel: string; readonly calls: number; readonly ms: number; readonly flops: number }

/** A model prepared for training. The model's own variables are stale until `store`. */
export type Step = {
  /** One forward, backward and update. `step` counts iterations from 0 and keys all random draws. */
  train(batch: Batch, at: { readonly step: number; readonly rate: number }): StepResult
  /** Logits (before softmax), float32 [size, classes] or [size, height, width, classes], in inference mode: moving statistics, ensembles at their expectation. */
  predict(images: Float32Array, size: number): Float32Array
  /** Writes weights and moving statistics into the model's variables. */
  store(): void
  /** Reads weights and moving statistics from the model's variables. */
  load(): void
  /** The optimiser's moments by weight name (the second ones by `name, squared`), for checkpoints. */
  optimiserState(): ReadonlyMap<string, Float32Array>
  restoreOptimiser(state: ReadonlyMap<string, Float32Array>): void
  /** The first layer, in topological order, whose output holds a NaN or an infinity for this batch, if any. */
  firstNonFinite(batch: Batch, at: { readonly step: number }): string | undefined
  /** The slowest first; there where it was asked for. */
  profile?(): readonly KernelTime[]
  dispose(): void
}

export type Backend = {
  readonly name: string
  /** What it trains and how fast, for `peapod doctor`. */
  readonly gives: string
  /** Starts it, which may make it the backend of tfjs in this process; answers what is missing and how to get it, or what it stands on. */
  probe(): Promise<{ readonly ready: boolean; readonly says: string }>
  /** What would run slower than it might, whatever the model: kernels that are not ours, and why. Known once it has started. */
  wouldFallBack?(): ReadonlyMap<string, string>
  /** Why this backend cannot train this model here, or undefined. */
  refuses(model: LayersModel): string | undefined
  /** What runs slower than it might, after some steps: kernels that fell back, and why. */
  fallbacks?(): ReadonlyMap<string, string>
  /** Whether its steps take `fake`. */
  readonly fakes?: true
  prepare(model: LayersModel, options: StepOptions): Promise<Step>
}
