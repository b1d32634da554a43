/** Softmax along the last axis. */
import { activate } from '../activate.ts'
import { type LayerImporter, refusal } from '../define.ts'

export const softmax: LayerImporter = {
  className: 'Softmax',
  add(layer, [x], graph) {
    const rank = graph.shape(x!).length
    const axis = [layer.config.axis ?? -1].flat()
    if (axis.length !== 1 || (axis[0] !== -1 && axis[0] !== rank - 1))
      throw refusal(layer, `it runs along axis ${axis}`, 'run it along the last axis')
    return activate(layer, 'softmax', x!, layer.name, graph)
  },
}
