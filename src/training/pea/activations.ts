/** How each activation of a network is made: an ensemble, or one plain function. */
import { layers } from '@tensorflow/tfjs-layers'
import type { Chooser } from './choose.ts'
import type { Base, EnsembleOptions, SmoothActivation } from './define.ts'
import { Ensemble } from './ensemble.ts'

/** Makes the activation layer of that name. */
export type MakeActivation = (name: string) => layers.Layer

/** An ensemble wherever the network has an activation. */
export const ensembles =
  (options: EnsembleOptions & { readonly beta?: number }): MakeActivation =>
  (name) =>
    new Ensemble({ ...options, name })

/** For each activation what was chosen for it: an ensemble over that base, or the base. */
export const chosen =
  (choices: Chooser, base: Base): MakeActivation =>
  (name) => {
    const choice = choices.of(name, base)
    return choice ? new Ensemble(choice) : plain(base)(name)
  }

/** One function everywhere: the baseline (relu, relu6) or the upper limit of the paper's tables (a smooth one). */
export const plain =
  (activation: Base | SmoothActivation): MakeActivation =>
  (name) =>
    activation === 'relu6'
      ? layers.reLU({ maxValue: 6, name })
      : activation === 'relu'
        ? layers.reLU({ name })
        : smoothLayer(activation, name)

/** tfjs has its own words for all four; they compute the same functions. */
const smoothLayer = (activation: SmoothActivation, name: string): layers.Layer => layers.activation({ activation, name })
