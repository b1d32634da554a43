/** How a layer becomes operators: what an importer is given, and what it gives back. */
import { UserError } from '../../errors.ts'
import type { Shape } from '../../graph/ir/graph.ts'
import type { Growth } from '../grow.ts'

/** A layer as read from a model: its Keras class, its name with the names of the models around it, its settings, its weights. */
export type LayerSpec = {
  readonly className: string
  readonly name: string
  /** Keras settings, camelCase, as the layer's own `getConfig` says them. */
  readonly config: Readonly<Record<string, any>>
  /** A weight by the last part of its name (kernel, bias, moving_mean …); undefined where the layer has none of it. */
  weight(name: string): { readonly shape: Shape; readonly data: Float32Array } | undefined
}

/** Adds operators to the graph and returns the tensor that the layer makes. One file each, one line in `layers/index.ts`. */
export type LayerImporter = {
  readonly className: string
  add(layer: LayerSpec, inputs: readonly number[], graph: Growth): number
}

/** Why a layer cannot be imported; its name and class stand in the message. */
export const refusal = (layer: LayerSpec, why: string, hint: string): UserError =>
  new UserError('unsupported-layer', `layer ${layer.name} (${layer.className}) cannot be imported: ${why}`, {
    found: layer.className,
    hint,
  })

/** Throws where the layer keeps channels before rows. */
export function channelsLast(layer: LayerSpec): void {
  if (layer.config.dataFormat === 'channelsFirst')
    throw refusal(layer, 'its data format is channelsFirst', 'build the network with dataFormat channelsLast')
}
