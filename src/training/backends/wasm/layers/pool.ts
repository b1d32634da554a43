/** Maximum and average pooling, and the global ones. */
import type { Build, Value } from '../build.ts'
import { call } from '../region.ts'
import { type Window, windowOf } from '../window.ts'
import { channelsFirst, type Room } from './define.ts'

function pool(build: Build, name: string, x: Value, shape: readonly number[], w: Window, kind: 'maxPool' | 'averagePool'): Value {
  const y = build.value(name, shape, x.learns)
  const geometry = [w.inH, w.inW, x.shape.at(-1)!, w.outH, w.outW, w.kernelH, w.kernelW, w.strideH, w.strideW, w.top, w.left]
  const bytesPerImage = 4 * (x.floats + y.floats)
  build.plan.images({ bytesPerImage, emit: (from, to) => [call(kind, x.region, y.region, ...geometry, from, to)] })
  build.onBack(() =>
    build.contribute(x, (dx) => {
      const dy = y.gradient!
      const given = kind === 'maxPool' ? [x.region, y.region, dy] : [dy]
      build.plan.images({
        bytesPerImage: 2 * bytesPerImage,
        emit: (from, to) => [call(`${kind}Gradient`, ...given, dx, ...geometry, from, to)],
      })
    }),
  )
  return y
}

export const pooling: Room = {
  classNames: ['MaxPooling2D', 'AveragePooling2D'],
  refuses: channelsFirst,
  build: (build, { layer, className, shape }, [x]) =>
    pool(
      build,
      layer.name,
      x!,
      shape,
      windowOf(layer, (layer as any).poolSize, x!.shape, shape),
      className === 'MaxPooling2D' ? 'maxPool' : 'averagePool',
    ),
}

export const globalPooling: Room = {
  classNames: ['GlobalAveragePooling2D', 'GlobalMaxPooling2D'],
  refuses: channelsFirst,
  build(build, { layer, className, shape }, [x]) {
    const [inH, inW] = x!.shape as [number, number]
    const one = { outH: 1, outW: 1, strideH: 1, strideW: 1, dilationH: 1, dilationW: 1, top: 0, left: 0 }
    return pool(
      build,
      layer.name,
      x!,
      shape,
      { inH, inW, kernelH: inH, kernelW: inW, ...one },
      className === 'GlobalMaxPooling2D' ? 'maxPool' : 'averagePool',
    )
  },
}
