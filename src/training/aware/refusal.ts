/** Why a model cannot be trained for int8. */
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { topology } from '../backends/wasm/topology.ts'
import { Ensemble } from '../pea/ensemble.ts'
import { absorbedOf, activationOf } from './absorbed.ts'

/** Layers that compute in int8 what they compute in float, a rounding apart. */
const known = [
  ...['InputLayer', 'Conv2D', 'DepthwiseConv2D', 'Dense', 'BatchNormalization', 'Activation', 'ReLU', 'Ensemble', 'Softmax', 'Add'],
  ...['AveragePooling2D', 'MaxPooling2D', 'GlobalAveragePooling2D', 'GlobalMaxPooling2D', 'Flatten', 'Reshape', 'Dropout', 'ZeroPadding2D'],
]

const activations = ['linear', 'relu', 'relu6', 'softmax']

/** Undefined where it can. */
export function awareRefusal(model: LayersModel): string | undefined {
  const sites = topology(model)
  if (typeof sites === 'string') return sites
  const absorbed = new Set(absorbedOf(sites).values())
  for (const [i, site] of sites.entries()) {
    const place = `layer "${site.layer.name}" (${site.className})`
    if (!known.includes(site.className)) return `${place} has no form for it`
    if (!(site.layer instanceof Ensemble) && !activations.includes(activationOf(site)))
      return `${place} has the activation ${activationOf(site)}`
    if (site.className !== 'BatchNormalization') continue
    if (!absorbed.has(i)) return `no convolution or dense layer right before ${place} can take it in`
    if (!(site.layer as unknown as { center: boolean }).center) return `${place} has no beta`
  }
  return undefined
}
