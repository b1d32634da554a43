/** The words of training: a recipe, what feeds it, what it reports. */
import type { Batch, OptimiserOptions } from '../backends/define.ts'
import type { Settings } from '../networks/define.ts'
import type { Phases } from '../pea/define.ts'

/** A learning rate over the iterations: linear warm-up to `peak`, then the shape. */
export type Rate = { readonly peak: number; readonly warmUpEpochs: number } & (
  | { readonly shape: 'cosine' }
  | { readonly shape: 'constant' }
  /** The rate is multiplied by `factor` at the start of each of these epochs. */
  | { readonly shape: 'steps'; readonly atEpochs: readonly number[]; readonly factor: number }
)

/** What weight decay may leave out. `norm` is the scale and shift of batch normalisation. */
export const weightKinds = ['kernel', 'depthwise', 'norm', 'bias'] as const
export type WeightKind = (typeof weightKinds)[number]

/** `l2` is in the loss: amount times the weight goes into the gradient. `decoupled` takes rate times amount times the weight off the weight (Loshchilov and Hutter 2019). */
export const decayForms = ['l2', 'decoupled'] as const
export type DecayForm = (typeof decayForms)[number]

/** For the kinds of weights named. */
export type Decay = { readonly amount: number; readonly kinds: readonly WeightKind[]; readonly form: DecayForm }

/** All numbers of a training. Data: it is listed, compared, printed, overridden. */
export type Recipe = {
  readonly name: string
  readonly epochs: number
  readonly batchSize: number
  readonly optimiser: OptimiserOptions
  readonly rate: Rate
  readonly decay: Decay
  readonly labelSmoothing: number
  /** Pad by this many pixels and crop back at random. */
  readonly crop: number
  /** Mirror half of the images, where the data set allows it. */
  readonly mirror: boolean
  readonly phases: Phases
  /** What differs for a network, by its name; what the user sets goes over it. */
  readonly networks?: Readonly<Record<string, NetworkDifference>>
}

export type NetworkDifference = {
  readonly rate?: { readonly peak: number }
  readonly decay?: Partial<Decay>
  /** Settings of the network function, such as dropout. */
  readonly settings?: Settings
}

/** Prepared batches: the same for the same epoch, whenever it is asked. */
export type Feed = {
  /** Batches in an epoch. */
  readonly steps: number
  /** From step `fromStep` on, where training resumes. Arrays of a batch may be reused by the next one. */
  epoch(epoch: number, fromStep?: number): Iterable<Batch>
}

/** Losses are means of cross-entropy, natural logarithm; the training loss includes label smoothing. Accuracies are 0 to 1. */
export type EpochRecord = {
  /** From 0. */
  readonly epoch: number
  readonly loss: number
  readonly accuracy: number
  readonly validationLoss: number
  readonly validationAccuracy: number
  /** Where the network answers pixels: what the best epoch is chosen by. */
  readonly validationMeanIou?: number
  /** At the last iteration of the epoch. */
  readonly alpha: number
  readonly rate: number
  readonly imagesPerSecond: number
}

export type Best = { readonly epoch: number; readonly accuracy: number; readonly loss: number; readonly meanIou?: number }

export type Progress = {
  readonly epoch: number
  readonly epochs: number
  /** Steps of this epoch that are done. */
  readonly step: number
  readonly steps: number
  /** Means over the epoch so far. */
  readonly loss: number
  readonly accuracy: number
  readonly alpha: number
  readonly rate: number
  readonly imagesPerSecond: number
  readonly remainingMs: number
  /** There when an epoch has ended. */
  readonly record?: EpochRecord
  /** What a person should know of the epoch that has ended. */
  readonly warning?: string
}
