/** Add: the sum of any number of values of one shape. */
import { call } from '../region.ts'
import type { Room } from './define.ts'

export const add: Room = {
  classNames: ['Add'],
  refuses: ({ inputs }) => (inputs.length < 2 ? 'it has fewer than two inputs' : undefined),
  build(build, { layer, shape }, inputs) {
    const y = build.value(
      layer.name,
      shape,
      inputs.some(({ learns }) => learns),
    )
    const { floats } = y
    build.plan.images({
      bytesPerImage: 12 * floats,
      emit: (from, to) =>
        inputs.slice(1).map((x, i) => call('add', i === 0 ? inputs[0]!.region : y.region, x.region, y.region, from * floats, to * floats)),
    })
    build.onBack(() => {
      const dy = y.gradient
      if (!dy) return
      for (const [i, x] of inputs.entries()) build.give(x, dy, i < inputs.length - 1)
    })
    return y
  },
}
