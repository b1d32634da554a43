/** ZeroPadding2D. */
import { at, call } from '../region.ts'
import { channelsFirst, type Room } from './define.ts'

export const zeroPadding2d: Room = {
  classNames: ['ZeroPadding2D'],
  refuses: channelsFirst,
  build(build, { layer, shape }, [x]) {
    const [[top], [left]] = (layer as unknown as { padding: [[number, number], [number, number]] }).padding
    const [inH, inW, channels] = x!.shape as [number, number, number]
    const [outH, outW] = shape as [number, number]
    const y = build.value(layer.name, shape, x!.learns)
    const bytesPerImage = 4 * (x!.floats + y.floats)
    const each = (from: number, to: number, emit: (n: number) => ReturnType<typeof call>) =>
      Array.from({ length: to - from }, (_, i) => emit(from + i))
    build.plan.images({
      bytesPerImage,
      emit: (from, to) =>
        each(from, to, (n) =>
          call(
            'place',
            at(x!.region, n * x!.floats * 4),
            at(y.region, n * y.floats * 4),
            inH,
            inW,
            channels * 4,
            1,
            1,
            top,
            left,
            outH,
            outW,
          ),
        ),
    })
    build.onBack(() =>
      build.contribute(x!, (dx) => {
        const dy = y.gradient!
        build.plan.images({
          bytesPerImage,
          emit: (from, to) =>
            each(from, to, (n) =>
              call('take', at(dy, n * y.floats * 4), at(dx, n * x!.floats * 4), outH, outW, channels * 4, 1, 1, top, left, inH, inW),
            ),
        })
      }),
    )
    return y
  },
}
