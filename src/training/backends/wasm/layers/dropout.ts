/** Dropout, with the draws of the counter-based generator. */
import type { Value } from '../build.ts'
import { call } from '../region.ts'
import type { Room } from './define.ts'

export const dropout: Room = {
  classNames: ['Dropout'],
  refuses: ({ layer }) => ((layer as any).noiseShape ? 'its noise has a shape of its own' : undefined),
  build(build, site, [x]) {
    const { layer } = site
    const { rate } = layer as unknown as { rate: number }
    if (build.mode === 'predict' || rate === 0) {
      const y: Value = { ...x!, name: layer.name, gradient: undefined }
      build.onBack(() => {
        if (y.gradient) build.give(x!, y.gradient)
      })
      return y
    }
    const { floats } = x!
    const state = build.stateOf(site)
    const y = build.value(layer.name, x!.shape, x!.learns)
    const drop = (from: typeof y.region, to: typeof y.region) =>
      build.plan.images({
        bytesPerImage: 8 * floats,
        emit: (first, last) => [call('dropout', state, 1 / (1 - rate), from, to, first * floats, last * floats)],
      })
    drop(x!.region, y.region)
    build.onBack(() => {
      if (!y.gradient) return
      drop(y.gradient, y.gradient)
      build.give(x!, y.gradient)
    })
    return y
  },
}
