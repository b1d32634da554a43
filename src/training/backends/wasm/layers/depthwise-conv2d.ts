/** DepthwiseConv2D: any kernel, stride, dilation, padding and channel multiplier; optional bias and activation. */
import { activationNamed, nameOf } from '../activation.ts'
import type { Build, Value } from '../build.ts'
import { padded } from '../convolve.ts'
import { at, call, type Draft, type Region, region } from '../region.ts'
import { mirrored, paddedSize, type Window, windowOf } from '../window.ts'
import { activate } from './activate.ts'
import type { Room } from './define.ts'

/** Steps in bytes for kernels/depthwise.as.ts: [kernelH, kernelW, rowStep, tapStep, lineStep, pixelStep]. */
function steps(w: Window, channels: number, width: number): number[] {
  const pixel = channels * 4
  return [w.kernelH, w.kernelW, w.dilationH * width * pixel, w.dilationW * pixel, w.strideH * width * pixel, w.strideW * pixel]
}

const room = (w: Window, channels: number) => paddedSize(w).height * paddedSize(w).width * channels

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
    const run = (window: Window, from: Region, to: Region, weights: Region, offset: Region | 0, spreadH: number, spreadW: number) =>
      plan.images({
        bytesPerImage: 4 * (x.floats + y.floats),
        emit(first, last, part) {
          const calls: Draft[] = []
          for (let n = first; n < last; n++) {
            const {
              image,
              width,
              calls: copies,
            } = padded(window, channels, from, n, build.scratchOf(part, room(window, channels)), spreadH, spreadW)
            const out = at(to, n * window.outH * window.outW * channels * 4)
            calls.push(
              ...copies,
              call('depthwise', image, weights, offset, out, window.outH, window.outW, channels, ...steps(window, channels, width)),
            )
          }
          return calls
        },
      })
    run(w, x.region, y.region, kernel.weight, bias?.weight ?? 0, 1, 1)
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
          bytesPerImage: 4 * (x.floats + y.floats),
          begin: sums.begin,
          emit(from, to, part) {
            const calls: Draft[] = []
            for (let n = from; n < to; n++) {
              const { image, width, calls: copies } = padded(w, channels, x.region, n, build.scratchOf(part, room(w, channels)))
              const out = at(dy, n * pixels * channels * 4)
              calls.push(
                ...copies,
                call('depthwiseFilter', image, out, sums.of(part), w.outH, w.outW, channels, ...steps(w, channels, width)),
              )
            }
            return calls
          },
        })
        build.update(kernel, sums.region, plan.parts, sums.apart)
      }
      build.contribute(x, (dx) => {
        const taps = region(`${layer.name} taps mirrored`, kernel.floats)
        plan.prelude([call('mirrorTaps', kernel.weight, taps, w.kernelH * w.kernelW, channels)])
        run(mirrored(w), dy, dx, taps, 0, w.strideH, w.strideW)
      })
    })
    return activate(build, layer.name, y, activationNamed(nameOf(layer))!)
  },
}
