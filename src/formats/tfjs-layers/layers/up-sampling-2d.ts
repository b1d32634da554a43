/** UpSampling2D, nearest and bilinear, with pixels where tfjs has them: by their corners. Keras has them by their centres. */
import { resizeBilinear } from '../../../graph/ops/resize-bilinear.ts'
import { resizeNearestNeighbor } from '../../../graph/ops/resize-nearest-neighbor.ts'
import { channelsLast, type LayerImporter, refusal } from '../define.ts'
import { pair } from '../steps.ts'

/** `byCentres`: of bilinear ones; nearest ones of a whole factor are the same. */
export const enlarging = (byCentres: boolean): LayerImporter => ({
  className: 'UpSampling2D',
  add(layer, [x], graph) {
    channelsLast(layer)
    const { interpolation = 'nearest' } = layer.config
    if (interpolation !== 'nearest' && interpolation !== 'bilinear')
      throw refusal(layer, `its interpolation is ${interpolation}`, 'use nearest or bilinear')
    const [up, across] = pair(layer.config.size ?? 2)
    const [, height, width] = graph.shape(x!)
    const size = graph.constant(`${layer.name}/size`, [2], () => Int32Array.of(height! * up, width! * across), 'int32')
    if (interpolation === 'nearest') return graph.add(resizeNearestNeighbor, {}, [x!, size], layer.name)
    return graph.add(resizeBilinear, { halfPixelCenters: byCentres }, [x!, size], layer.name)
  },
})

export const upSampling2d = enlarging(false)
