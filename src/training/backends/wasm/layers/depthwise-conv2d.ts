/** DepthwiseConv2D: any kernel, stride, dilation, padding and channel multiplier; optional bias and activation. */
import { ownActivation, refusesActivation } from '../activation.ts'
import type { Build, Value } from '../build.ts'
import { filterGradient, forward, inputGradient, mirror, scratchFloats, scratchFloatsBack } from '../depthwise.ts'
import { kernelOf } from '../fake.ts'
import type { Parameter } from '../parameters.ts'
import { at, call, region } from '../region.ts'
import { type Window, windowOf } from '../window.ts'
import { activate } from './activate.ts'
import { channelsFirst, type Room } from './define.ts'
import { learnBias } from './learn.ts'

/** x with each channel held `multiplier` times: what the kernels work on. */
function spread(build: Build, x: Value, multiplier: number): Value {
  if (multiplier === 1) return x
  const { floats } = x
  const y = build.value(`${x.name} spread`, [...x.shape.slice(0, -1), x.shape.at(-1)! * multiplier], x.learns)
  build.plan.images({
    bytesPerImage: 8 * floats * multiplier,
    emit: (from, to) => [
      call(
        'spreadChannels',
        at(x.region, from * floats * 4),
        at(y.region, from * floats * multiplier * 4),
        (to - from) * floats,
        multiplier,
      ),
    ],
  })
  build.onBack(() =>
    build.contribute(x, (dx) => {
      const dy = y.gradient!
      build.plan.images({
        bytesPerImage: 8 * floats * multiplier,
        emit: (from, to) => [
          call('sumChannels', at(dy, from * floats * multiplier * 4), at(dx, from * floats * 4), (to - from) * floats, multiplier),
        ],
      })
    }),
  )
  return y
}

/** Adds a depthwise convolution with `multiplier` outputs a channel. */
export function depthwise(
  build: Build,
  name: string,
  given: Value,
  shape: readonly number[],
  w: Window,
  multiplier: number,
  kernel: Parameter,
  bias: Parameter | undefined,
): Value {
  const { plan } = build
  const channels = shape[2]!
  const x = spread(build, given, multiplier)
  const y = build.value(name, shape, true)
  const pixels = w.outH * w.outW
  const bytesPerImage = 4 * (x.floats + y.floats)
  const read = kernelOf(build, kernel, channels, false)
  if (read.calls.length) plan.prelude([...read.calls])
  plan.images({
    bytesPerImage,
    emit: (from, to, part) =>
      forward(w, channels, x.region, read.region, bias?.weight ?? 0, y.region, from, to, build.scratchOf(part, scratchFloats(w, channels))),
  })
  build.onBack(() => {
    const dy = y.gradient
    if (!dy) return
    if (bias) learnBias(build, bias, dy, pixels)
    if (kernel.moments) {
      const sums = build.sums(`${kernel.variable.name} gradient`, kernel.floats)
      plan.images({
        bytesPerImage,
        begin: sums.begin,
        emit: (from, to, part) =>
          filterGradient(w, channels, x.region, dy, sums.of(part), from, to, build.scratchOf(part, scratchFloats(w, channels))),
      })
      build.update(kernel, sums.region, plan.parts, sums.apart)
    }
    build.contribute(x, (dx) => {
      const taps = region(`${name} taps mirrored`, kernel.floats)
      const back = kernelOf(build, kernel, channels, false)
      plan.prelude([...back.calls, ...mirror(w, channels, back.region, taps)])
      const room = scratchFloatsBack(w, channels)
      plan.images({
        bytesPerImage,
        emit: (from, to, part) => inputGradient(w, channels, dy, taps, dx, from, to, build.scratchOf(part, room)),
      })
    })
  })
  return y
}

export const depthwiseConv2d: Room = {
  classNames: ['DepthwiseConv2D'],
  refuses(site, isLast) {
    const { padding, dilationRate } = site.layer as unknown as { padding: string; dilationRate: number | number[] }
    // tfjs counts its output as if it were not dilated.
    if (padding === 'valid' && [dilationRate ?? 1].flat().some((d) => d !== 1)) return "it is dilated with padding 'valid'"
    return channelsFirst(site) ?? refusesActivation(site, isLast)
  },
  build(build, { layer, shape }, [x]) {
    const { kernelSize, depthMultiplier } = layer as unknown as { kernelSize: number[]; depthMultiplier: number }
    const window = windowOf(layer, kernelSize, x!.shape, shape)
    const kernel = build.parameters.of(layer, 'depthwiseKernel')!
    const y = depthwise(build, layer.name, x!, shape, window, depthMultiplier, kernel, build.biasOf(layer))
    return activate(build, layer.name, y, ownActivation(layer))
  },
}
