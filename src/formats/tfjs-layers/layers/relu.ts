/** ReLU, open or clipped at 6. */
import { activate } from '../activate.ts'
import { type LayerImporter, refusal } from '../define.ts'

export const relu: LayerImporter = {
  className: 'ReLU',
  add(layer, [x], graph) {
    const { maxValue, negativeSlope = 0, threshold = 0 } = layer.config
    if (negativeSlope || threshold) throw refusal(layer, 'it has a slope or a threshold', 'use a plain ReLU, or LeakyReLU for a slope')
    if (maxValue !== undefined && maxValue !== null && maxValue !== 6)
      throw refusal(layer, `it clips at ${maxValue}`, 'TFLite knows ReLU and ReLU6 only')
    return activate(layer, maxValue === 6 ? 'relu6' : 'relu', x!, layer.name, graph)
  },
}
