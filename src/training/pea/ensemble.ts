/** The ensemble activation as a tfjs layer (Utasi 2022, Eq. 1 and Eq. 3). */
import * as tf from '@tensorflow/tfjs-core'
import { initializers, type LayerVariable, layers } from '@tensorflow/tfjs-layers'
import type { Base, EnsembleOptions, Mix, Phases, SmoothActivation } from './define.ts'
import { drawKey } from './draw.ts'
import { mixTensor } from './mix-tensor.ts'

export type EnsembleConfig = EnsembleOptions & {
  readonly name?: string
  /** Slope of Swish, x sigmoid(beta x); 1 by default. */
  readonly beta?: number
  /** Swish alone: beta is a weight, one a layer, and `beta` is where it starts; false by default. */
  readonly trainableBeta?: boolean
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
  readonly trainableBeta: boolean
  readonly phases: Partial<Phases> | undefined
  readonly replaces: Replaced | undefined
  alpha: number
  /** Index among the ensembles of the model, seed of the run and iteration: they key the draws. */
  stream = 0
  seed = 0
  step = 0
  #slope: LayerVariable | undefined

  constructor({ mix, activation, base, beta = 1, trainableBeta = false, alpha = 0, phases, replaces, ...rest }: EnsembleConfig) {
    super(rest)
    this.mix = mix
    this.activation = activation
    this.base = base
    this.beta = beta
    this.trainableBeta = trainableBeta
    this.alpha = alpha
    this.phases = phases
    this.replaces = replaces
    this.supportsMasking = true
  }

  override build(inputShape: (number | null)[] | (number | null)[][]): void {
    if (this.trainableBeta)
      this.#slope = this.addWeight('beta', [1], 'float32', initializers.constant({ value: this.beta }), undefined, true)
    super.build(inputShape as never)
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown> = {}): tf.Tensor {
    const { mix, activation, base, beta, alpha } = this
    const draws = mix === 'stochastic' && kwargs.training === true
    const key = draws ? { key: drawKey(this.seed, this.stream, this.step) } : {}
    const x = Array.isArray(inputs) ? inputs[0]! : inputs
    return mixTensor(x, { mix, activation, base, beta, alpha, ...key }, this.#slope?.read())
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { mix, activation, base, beta, trainableBeta, alpha, phases, replaces } = this
    const own = {
      mix,
      activation,
      base,
      beta,
      alpha,
      ...(trainableBeta && { trainableBeta }),
      ...(phases && { phases: { ...phases } }),
      ...(replaces && { replaces }),
    }
    return { ...super.getConfig(), ...own }
  }
}
tf.serialization.registerClass(Ensemble)
