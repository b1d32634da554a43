/** DepthwiseConv2D: any kernel, stride, dilation, padding and channel multiplier; optional bias and activation. */
import { activationNamed, nameOf } from '../activation.ts'
import type { Build, Value } from '../build.ts'
import { filterGradient, forward, inputGradient, mirror, scratchFloats, scratchFloatsBack } from '../depthwise.ts'
import { at, call, region } from '../region.ts'
import { windowOf } from '../window.ts'
import { activate } from './activate.ts'
import type { Room } from './define.ts'

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

export const depthwiseConv2d: Room = {
  classNames: ['DepthwiseConv2D'],
  refuses: ({ layer }) =>
    (layer as any).dataFormat === 'channelsFirst'
      ? 'channels come first'
      : activationNamed(nameOf(layer))
        ? undefined
        : `its activation "${nameOf(layer)}" has no kernel`,
  build(build, { layer, shape }, [given]) {
    const { plan } = build
    const kernel = build.parameters.of(layer, 'depthwiseKernel')!
    const bias = build.parameters.of(layer, 'bias')
    const w = windowOf(layer, (layer as any).kernelSize, given!.shape, shape)
    const channels = shape[2]!
    const x = spread(build, given!, (layer as any).depthMultiplier)
    const y = build.value(layer.name, shape, true)
    const pixels = w.outH * w.outW
    const bytesPerImage = 4 * (x.floats + y.floats)
    plan.images({
      bytesPerImage,
      emit: (from, to, part) =>
        forward(
          w,
          channels,
          x.region,
          kernel.weight,
          bias?.weight ?? 0,
          y.region,
          from,
          to,
          build.scratchOf(part, scratchFloats(w, channels)),
        ),
    })
    build.onBack(() => {
      const dy = y.gradient
      if (!dy) return
      if (bias?.moments) {
        const sums = build.sums(`${bias.variable.name} gradient`, channels)
        plan.images({
          bytesPerImage: 0,
          begin: sums.begin,
          emit: (from, to, part) => [call('addRows', dy, sums.of(part), channels, from * pixels, to * pixels)],
        })
        build.update(bias, sums.region, plan.parts, sums.apart)
      }
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
        const taps = region(`${layer.name} taps mirrored`, kernel.floats)
        plan.prelude(mirror(w, channels, kernel.weight, taps))
        const room = scratchFloatsBack(w, channels)
        plan.images({
          bytesPerImage,
          emit: (from, to, part) => inputGradient(w, channels, dy, taps, dx, from, to, build.scratchOf(part, room)),
        })
      })
    })
    return activate(build, layer.name, y, activationNamed(nameOf(layer))!)
  },
}
