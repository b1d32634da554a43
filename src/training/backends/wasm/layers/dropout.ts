/** Dropout, with the draws of the counter-based generator: of each element, or of each channel of an image. */
import type { Value } from '../build.ts'
import { call } from '../region.ts'
import type { Room } from './define.ts'

/** What is drawn: an element, a whole channel (noise [batch, 1, 1, channels]), or something that has no kernel. */
function noiseOf(layer: unknown, shape: readonly number[]): 'element' | 'channel' | undefined {
  const { noiseShape } = layer as { noiseShape?: (number | null)[] | null }
  const is = (wanted: readonly number[]) => wanted.every((size, axis) => (noiseShape![axis + 1] ?? shape[axis]) === size)
  if (!noiseShape || (noiseShape[0] === null && is(shape))) return 'element'
  return noiseShape[0] === null && is([...shape.slice(0, -1).map(() => 1), shape.at(-1)!]) ? 'channel' : undefined
}

export const dropout: Room = {
  classNames: ['Dropout'],
  refuses: ({ layer, shape }) => (noiseOf(layer, shape) ? undefined : 'its noise has a shape of its own'),
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
    const channels = x!.shape.at(-1)!
    const noise = noiseOf(layer, x!.shape)
    const state = build.stateOf(site)
    const y = build.value(layer.name, x!.shape, x!.learns)
    const drop = (from: typeof y.region, to: typeof y.region) =>
      build.plan.images({
        bytesPerImage: 8 * floats,
        emit: (first, last) => [
          noise === 'element'
            ? call('dropout', state, 1 / (1 - rate), from, to, first * floats, last * floats)
            : call('dropoutChannels', state, 1 / (1 - rate), from, to, channels, floats / channels, first, last),
        ],
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
