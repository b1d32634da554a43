/** Activation: one function by its word. */
import { activate } from '../activate.ts'
import type { LayerImporter } from '../define.ts'

export const activation: LayerImporter = {
  className: 'Activation',
  add: (layer, [x], graph) => activate(layer, layer.config.activation, x!, layer.name, graph),
}
