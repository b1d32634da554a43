/** The ensemble activation as a tfjs layer (Utasi 2022, Eq. 1 and Eq. 3). */
import * as tf from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'
import type { Base, EnsembleOptions, Mix, Phases, SmoothActivation } from './define.ts'
import { drawKey } from './draw.ts'
import { mixTensor } from './mix-tensor.ts'

export type EnsembleConfig = EnsembleOptions & {
  readonly name?: string
  /** Slope of Swish, x sigmoid(beta x); 1 by default. */
  readonly beta?: number
  /** The share of ReLU, 0 to 1; 0 by default, driven by the schedule. */
  readonly alpha?: number
  /** What differs from the phases of the run. */
  readonly phases?: Partial<Phases>
  /** What stood in its place: a ReLU layer, an Activation layer, or the activation of the layer before. */
  readonly replaces?: Replaced
  /** The shape of the model's input, batch first, where it is the first layer of a Sequential. */
  readonly batchInputShape?: (number | null)[]
}

export type Replaced = 'layer' | 'activation' | 'fused'

/**
 * Mixes a base (ReLU or ReLU6) with a smooth activation. In training a stochastic ensemble draws anew at each `step`;
 * in inference every ensemble answers with its expectation. At alpha = 1 it is its base, to the bit.
 */
export class Ensemble extends layers.Layer {
  static className = 'Ensemble'
  readonly mix: Mix
  readonly activation: SmoothActivation
  readonly base: Base
  readonly beta: number
  readonly phases: Partial<Phases> | undefined
  readonly replaces: Replaced | undefined
  alpha: number
  /** Index among the ensembles of the model, seed of the run and iteration: they key the draws. */
  stream = 0
  seed = 0
  step = 0

  constructor({ mix, activation, base, beta = 1, alpha = 0, phases, replaces, ...rest }: EnsembleConfig) {
    super(rest)
    this.mix = mix
    this.activation = activation
    this.base = base
    this.beta = beta
    this.alpha = alpha
    this.phases = phases
    this.replaces = replaces
    this.supportsMasking = true
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown> = {}): tf.Tensor {
    const { mix, activation, base, beta, alpha } = this
    const draws = mix === 'stochastic' && kwargs.training === true
    const key = draws ? { key: drawKey(this.seed, this.stream, this.step) } : {}
    return mixTensor(Array.isArray(inputs) ? inputs[0]! : inputs, { mix, activation, base, beta, alpha, ...key })
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { mix, activation, base, beta, alpha, phases, replaces } = this
    const own = { mix, activation, base, beta, alpha, ...(phases && { phases: { ...phases } }), ...(replaces && { replaces }) }
    return { ...super.getConfig(), ...own }
  }
}
tf.serialization.registerClass(Ensemble)
