/** Turns any model with ReLU or ReLU6 into its PEA form (Utasi 2022, Sec. 3): an ensemble in the place of each. */
import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { UserError } from '../../errors.ts'
import { chooser, type PeaOptions } from './choose.ts'
import { Ensemble } from './ensemble.ts'
import { copyOf, rebuild } from './rebuild.ts'
import { reluOf } from './relu-of.ts'

/**
 * A new model with the same weights. An ensemble has the name of the ReLU layer whose place it takes, and the base that stood there;
 * an activation of a layer becomes an ensemble behind it, `NAME_pea`. Layers of nested models are taken too. Throws UserErrors
 * `nothing-to-fade`, `pea-matches-nothing` and `activation-cannot-fade`.
 */
export function pea(model: LayersModel, options: PeaOptions): LayersModel {
  const choices = chooser(options)
  let found = 0
  const made = rebuild(model, (layer, name) => {
    const relu = reluOf(layer)
    const choice = relu && choices.of(name, relu.base)
    found += relu ? 1 : 0
    if (!choice) return [copyOf(layer)]
    const replaces = relu.place
    if (replaces !== 'fused') return [new Ensemble({ ...choice, ...standing(layer), replaces })]
    return [copyOf(layer, { activation: 'linear' }), new Ensemble({ ...choice, name: `${layer.name}_pea`, replaces })]
  })
  if (!found)
    throw new UserError('nothing-to-fade', `${model.name} has no ReLU and no ReLU6: there is nothing to mix with a smooth activation.`, {
      found: [...new Set(model.layers.map((layer) => layer.getClassName()))].join(', '),
      expected: 'a ReLU layer, or a layer with the activation relu or relu6',
    })
  choices.checkUsed()
  return made
}

/** What of a layer's settings belongs to its place in the model. */
function standing(layer: layers.Layer): { name: string; batchInputShape?: (number | null)[] } {
  const { batchInputShape } = layer.getConfig() as { batchInputShape?: (number | null)[] }
  return { name: layer.name, ...(batchInputShape && { batchInputShape }) }
}
