/** Turns the PEA form of a model back: ReLU or ReLU6 in the place of each ensemble. */
import { type LayersModel, layers } from '@tensorflow/tfjs-layers'
import type { Base } from './define.ts'
import { Ensemble } from './ensemble.ts'
import { findEnsembles } from './find-ensembles.ts'
import { copyOf, rebuild } from './rebuild.ts'

/** A new model with the same weights. It answers as the given one does at alpha = 1, whatever alpha is now. */
export function unpea(model: LayersModel): LayersModel {
  const fused = new Map<layers.Layer, Base>()
  for (const ensemble of findEnsembles(model))
    if (ensemble.replaces === 'fused') fused.set(ensemble.inboundNodes[0]!.inputTensors[0]!.sourceLayer, ensemble.base)
  return rebuild(model, (layer) => {
    if (layer instanceof Ensemble) return layer.replaces === 'fused' ? [] : [plainOf(layer)]
    const base = fused.get(layer)
    return [base ? copyOf(layer, { activation: base }) : copyOf(layer)]
  })
}

function plainOf(ensemble: Ensemble): layers.Layer {
  const { name, base, replaces } = ensemble
  const { batchInputShape } = ensemble.getConfig() as { batchInputShape?: (number | null)[] }
  const place = { name, ...(batchInputShape && { batchInputShape }) }
  if (replaces === 'activation') return layers.activation({ activation: base, ...place })
  return layers.reLU({ ...place, ...(base === 'relu6' && { maxValue: 6 }) })
}
