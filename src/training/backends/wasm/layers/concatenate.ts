/** Concatenate along the last axis. */
import { at, call } from '../region.ts'
import type { Room } from './define.ts'

export const concatenate: Room = {
  classNames: ['Concatenate'],
  refuses: ({ layer, shape }) => ([-1, shape.length].includes((layer as any).axis) ? undefined : 'it does not join the last axis'),
  build(build, { layer, shape }, inputs) {
    const y = build.value(
      layer.name,
      shape,
      inputs.some(({ learns }) => learns),
    )
    const row = shape.at(-1)! * 4
    const rows = (y.floats * 4) / row
    const starts = inputs.map((_, i) => inputs.slice(0, i).reduce((sum, x) => sum + x.shape.at(-1)! * 4, 0))
    build.plan.images({
      bytesPerImage: 8 * y.floats,
      emit: (from, to) =>
        inputs.map((x, i) => {
          const width = x.shape.at(-1)! * 4
          return call(
            'copyRows',
            at(x.region, from * rows * width),
            width,
            at(y.region, from * rows * row + starts[i]!),
            row,
            width,
            (to - from) * rows,
          )
        }),
    })
    build.onBack(() => {
      for (const [i, x] of inputs.entries()) {
        const width = x.shape.at(-1)! * 4
        build.contribute(x, (dx) =>
          build.plan.images({
            bytesPerImage: 8 * x.floats,
            emit: (from, to) => [
              call(
                'copyRows',
                at(y.gradient!, from * rows * row + starts[i]!),
                row,
                at(dx, from * rows * width),
                width,
                width,
                (to - from) * rows,
              ),
            ],
          }),
        )
      }
    })
    return y
  },
}
