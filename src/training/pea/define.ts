/** What an ensemble is made of (Utasi 2022, Sec. 3); the layer, the schedule and the backends share these words. */

/** Eq. 1: `weighted`, a ReLU(x) + (1-a) Act(x). Eq. 3: `stochastic`, a Bernoulli(a) choice between them for each element. */
export const mixes = ['weighted', 'stochastic'] as const
export type Mix = (typeof mixes)[number]

/** What can fade: smooth functions close to ReLU (Sec. 3). */
export const smoothActivations = ['gelu', 'swish', 'mish', 'elu'] as const
export type SmoothActivation = (typeof smoothActivations)[number]

/** What can remain. */
export const bases = ['relu', 'relu6'] as const
export type Base = (typeof bases)[number]

export type EnsembleOptions = {
  readonly mix: Mix
  /** The smooth activation, a name in `graph/activations`. */
  readonly activation: SmoothActivation
  /** What remains when alpha is 1. */
  readonly base: Base
}

/** The unit of a phase's borders. A share is of all iterations, 0 to 1. */
export const phaseUnits = ['share', 'epoch', 'iteration'] as const
export type PhaseUnit = (typeof phaseUnits)[number]

/** How alpha rises in the transition: t / T (Eq. 2), half a cosine, or equal jumps. */
export const shapes = ['linear', 'cosine', 'jumps'] as const
export type Shape = (typeof shapes)[number]

/** The three phases: alpha is 0 before `from`, rises, and is 1 from `to` on. Borders are shares of all iterations unless `unit` says otherwise. */
export type Phases = {
  readonly from: number
  readonly to: number
  readonly unit?: PhaseUnit
  /** Linear unless said otherwise. */
  readonly shape?: Shape
  /** Of the shape `jumps`, 4 unless said otherwise: alpha is 0, 1/4, 2/4, 3/4, 1. */
  readonly jumps?: number
}
