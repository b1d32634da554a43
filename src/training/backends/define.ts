/** The contract of a training backend: makes a step of a model, keeps its weights, runs it forward. */
import type { LayersModel } from '@tensorflow/tfjs-layers'

export type OptimiserOptions = { readonly name: 'sgd'; readonly momentum: number }

export type StepOptions = {
  readonly batchSize: number
  readonly optimiser: OptimiserOptions
  /** Uniform label smoothing, 0 to below 1 (Szegedy et al. 2016). */
  readonly labelSmoothing: number
  /** The weight decay of each trainable weight, by its name; added to the gradient. */
  decayOf(weightName: string): number
  readonly seed: number
  /** Worker threads; the bytes that come out do not depend on it. */
  readonly threads: number
}

export type Batch = {
  /** float32 [size, height, width, channels]; `size` may be below the step's batch size in prediction only. */
  readonly images: Float32Array
  readonly labels: Int32Array
  readonly size: number
}

export type StepResult = {
  /** Mean cross-entropy of the batch, natural logarithm, label smoothing included. */
  readonly loss: number
  readonly correct: number
}

/** A model prepared for training. The model's own variables are stale until `store`. */
export type Step = {
  /** One forward, backward and update. `step` counts iterations from 0 and keys all random draws. */
  train(batch: Batch, at: { readonly step: number; readonly rate: number }): StepResult
  /** Logits (before softmax), float32 [size, classes], in inference mode: moving statistics, ensembles at their expectation. */
  predict(images: Float32Array, size: number): Float32Array
  /** Writes weights and moving statistics into the model's variables. */
  store(): void
  /** Reads weights and moving statistics from the model's variables. */
  load(): void
  /** Momentum buffers by weight name, for checkpoints. */
  optimiserState(): ReadonlyMap<string, Float32Array>
  restoreOptimiser(state: ReadonlyMap<string, Float32Array>): void
  /** The first layer, in topological order, whose output holds a NaN or an infinity for this batch, if any. */
  firstNonFinite(batch: Batch, at: { readonly step: number }): string | undefined
  dispose(): void
}

export type Backend = {
  readonly name: string
  /** Why this backend cannot train this model here, or undefined. */
  refuses(model: LayersModel): string | undefined
  prepare(model: LayersModel, options: StepOptions): Promise<Step>
}
