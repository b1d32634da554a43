/** UpSampling2D, nearest and bilinear. */
import { call } from '../region.ts'
import { channelsFirst, type Room } from './define.ts'

type Inside = { size: [number, number]; interpolation: 'nearest' | 'bilinear' }

export const upSampling2d: Room = {
  classNames: ['UpSampling2D'],
  refuses: channelsFirst,
  build(build, { layer, shape }, [x]) {
    const { size, interpolation } = layer as unknown as Inside
    const y = build.value(layer.name, shape, x!.learns)
    const geometry = [...x!.shape, ...size]
    const bytesPerImage = 4 * (x!.floats + y.floats)
    build.plan.images({ bytesPerImage, emit: (from, to) => [call(interpolation, x!.region, y.region, ...geometry, from, to)] })
    build.onBack(() => {
      const dy = y.gradient
      if (!dy) return
      build.contribute(x!, (dx) =>
        build.plan.images({ bytesPerImage, emit: (from, to) => [call(`${interpolation}Gradient`, dy, dx, ...geometry, from, to)] }),
      )
    })
    return y
  },
}
