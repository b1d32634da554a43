/** ELU of slope 1, the only one that TFLite has. */
import { activate } from '../activate.ts'
import { type LayerImporter, refusal } from '../define.ts'

export const elu: LayerImporter = {
  className: 'ELU',
  add(layer, [x], graph) {
    const { alpha = 1 } = layer.config
    if (alpha !== 1) throw refusal(layer, `its alpha is ${alpha}`, 'use an alpha of 1')
    return activate(layer, 'elu', x!, layer.name, graph)
  },
}
