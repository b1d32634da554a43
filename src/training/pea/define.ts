/** What an ensemble is made of (Utasi 2022, Sec. 3); the layer, the schedule and the backends share these words. */

/** Eq. 1: `weighted`, a ReLU(x) + (1-a) Act(x). Eq. 3: `stochastic`, a Bernoulli(a) choice between them for each element. */
export const mixes = ['weighted', 'stochastic'] as const
export type Mix = (typeof mixes)[number]

export type EnsembleOptions = {
  readonly mix: Mix
  /** The smooth activation, a name in `graph/activations`. */
  readonly activation: 'gelu' | 'swish' | 'mish' | 'elu'
  /** What remains when alpha is 1. */
  readonly base: 'relu' | 'relu6'
}

/** The three phases as shares of all iterations: alpha is 0 before `from`, rises linearly (Eq. 2), and is 1 from `to` on. */
export type Phases = { readonly from: number; readonly to: number }
