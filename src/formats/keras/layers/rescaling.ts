/** Rescaling: x scale + offset, as a normalisation, which the fold knows how to take away. */
import { batchNormalization } from '../../../graph/ops/batch-normalization.ts'
import { type LayerImporter, refusal } from '../../tfjs-layers/define.ts'

export const rescaling: LayerImporter = {
  className: 'Rescaling',
  add(layer, [x], graph) {
    const channels = graph.shape(x!).at(-1)!
    const [gain, shift] = [layer.config.scale ?? 1, layer.config.offset ?? 0].map((value) => perChannel(value, channels))
    if (!gain || !shift) throw refusal(layer, 'its scale or offset is no number a channel', 'use one number, or one for each channel')
    const constant = (name: string, data: Float32Array): number => graph.constant(`${layer.name}/${name}`, [channels], () => data)
    const operands = [
      constant('scale', gain),
      constant('offset', shift),
      constant('mean', new Float32Array(channels)),
      constant('variance', new Float32Array(channels).fill(1)),
    ]
    return graph.add(batchNormalization, { epsilon: 0 }, [x!, ...operands], layer.name)
  },
}

function perChannel(value: unknown, channels: number): Float32Array | undefined {
  const numbers = [value].flat()
  if ((numbers.length !== 1 && numbers.length !== channels) || !numbers.every((n) => Number.isFinite(n))) return undefined
  return Float32Array.from({ length: channels }, (_, c) => numbers[numbers.length === 1 ? 0 : c] as number)
}
