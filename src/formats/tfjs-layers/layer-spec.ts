/** Reads a tfjs layer: its settings and its weights. */
import type { layers } from '@tensorflow/tfjs-layers'
import { UserError } from '../../errors.ts'
import { type LayerSpec, refusal } from './define.ts'

/** Weights are looked up by the last part of their name, and copied when asked for. Throws UserError `unsupported-layer`. */
export function layerSpec(layer: layers.Layer, name: string): LayerSpec {
  const spec: LayerSpec = {
    className: layer.getClassName(),
    name,
    config: layer.getConfig(),
    weight(wanted) {
      const variable = layer.weights.find((w) => w.originalName.split('/').at(-1) === wanted)
      if (!variable) return undefined
      const data = Float32Array.from(variable.read().dataSync())
      if (data.some((v) => !Number.isFinite(v)))
        throw new UserError('not-finite', `weight ${wanted} of layer ${name} holds a NaN or an infinity`, {
          hint: 'training may have diverged',
        })
      return { shape: variable.shape as number[], data }
    },
  }
  // tfjs-layers 4.22 passes no dilation to its kernel, so what such a layer computes is not what its settings say.
  if (spec.className === 'DepthwiseConv2D' && [spec.config.dilationRate ?? 1].flat().some((rate) => rate !== 1))
    throw refusal(spec, 'it is dilated, and tfjs runs it without its dilation', 'use SeparableConv2D, or a dilated Conv2D')
  return spec
}
