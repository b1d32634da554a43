/** Rescaling: x scale + offset, of one number or one for each channel. */
import { affine } from '../../affine.ts'
import { type LayerImporter, refusal } from '../../tfjs-layers/define.ts'

export const rescaling: LayerImporter = {
  className: 'Rescaling',
  add(layer, [x], graph) {
    const [gain, shift] = [layer.config.scale ?? 1, layer.config.offset ?? 0].map((value) => [value].flat().map(Number))
    const made = [...gain!, ...shift!].every(Number.isFinite) ? affine(graph, x!, gain!, shift!, layer.name) : undefined
    if (made === undefined) throw refusal(layer, 'its scale or offset is no number a channel', 'use one number, or one for each channel')
    return made
  },
}
