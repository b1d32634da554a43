/** Conv2D: any kernel, stride, dilation and padding; optional bias and activation. */
import { activationNamed, nameOf } from '../activation.ts'
import type { Build, Value } from '../build.ts'
import {
  type Conv,
  filterGradient,
  forward,
  inputGradient,
  isPointwise,
  packBack,
  panelFloats,
  panelFloatsBack,
  productFilter,
  scratchFloats,
  scratchFloatsBack,
} from '../convolve.ts'
import type { Parameter } from '../parameters.ts'
import { zeroed } from '../plan.ts'
import { at, call, type Draft, region } from '../region.ts'
import { windowOf } from '../window.ts'
import { activate } from './activate.ts'
import type { Room } from './define.ts'

/** Adds a convolution; a dense layer is one of 1 x 1 over images of one row of pixels. */
export function convolution(
  build: Build,
  name: string,
  x: Value,
  shape: readonly number[],
  conv: Conv,
  kernel: Parameter,
  bias: Parameter | undefined,
): Value {
  const { plan } = build
  const { outputs } = conv
  const rows = kernel.floats / outputs
  const y = build.value(name, shape, true)
  const panels = region(`${name} panels`, panelFloats(rows, outputs))
  plan.prelude([call('pack', kernel.weight, bias?.weight ?? 0, panels, rows, outputs, 0, Math.ceil(outputs / 8))])
  plan.images({
    bytesPerImage: 4 * (x.floats + y.floats),
    emit: (from, to, part) => forward(conv, x.region, panels, y.region, from, to, build.scratchOf(part, scratchFloats(conv))),
  })
  build.onBack(() => {
    const dy = y.gradient
    if (!dy) return
    if (bias?.moments) {
      const sums = build.sums(`${bias.variable.name} gradient`, outputs)
      const pixels = y.floats / outputs
      plan.images({
        bytesPerImage: 0,
        begin: sums.begin,
        emit: (from, to, part) => [call('addRows', dy, sums.of(part), outputs, from * pixels, to * pixels)],
      })
      build.update(bias, sums.region, plan.parts, sums.apart)
    }
    if (kernel.moments) learn(build, x, y, conv, kernel)
    build.contribute(x, (dx) => {
      const back = region(`${name} panels back`, panelFloatsBack(conv))
      plan.prelude(packBack(conv, kernel.weight, 0, back))
      const need = scratchFloatsBack(conv)
      plan.images({
        bytesPerImage: 4 * (x.floats + y.floats),
        emit: (from, to, part) => inputGradient(conv, dy, back, dx, from, to, build.scratchOf(part, need)),
      })
    })
  })
  return y
}

/**
 * The filter gradient. With many inputs and few pixels, partitions share the inputs: no sums to add up, one copy of the gradient.
 * Otherwise they share the images and each keeps its sum.
 */
function learn(build: Build, x: Value, y: Value, conv: Conv, kernel: Parameter): void {
  const { plan } = build
  const { inputs, outputs } = conv
  const dy = y.gradient!
  const pixels = y.floats / outputs
  if (isPointwise(conv) && inputs >= 4 * plan.parts && inputs * outputs >= (8 * pixels * (inputs + outputs)) / 4) {
    const whole = region(`${kernel.variable.name} gradient`, kernel.floats)
    const share = Math.ceil(inputs / plan.parts / 4) * 4
    const parts: Draft[][] = []
    for (let first = 0; first < inputs; first += share) {
      const last = Math.min(first + share, inputs)
      parts.push([
        zeroed(at(whole, first * outputs * 4), (last - first) * outputs * 4),
        ...productFilter(x.region, dy, whole, inputs, outputs, 0, plan.batch * pixels, first, last),
      ])
    }
    plan.defer(parts)
    build.update(kernel, whole, 1, 0)
    return
  }
  const sums = build.sums(`${kernel.variable.name} gradient`, kernel.floats)
  plan.images({
    bytesPerImage: 4 * (x.floats + y.floats),
    begin: sums.begin,
    emit: (from, to, part) => filterGradient(conv, x.region, dy, sums.of(part), from, to, build.scratchOf(part, scratchFloats(conv))),
  })
  build.update(kernel, sums.region, plan.parts, sums.apart)
}

export const conv2d: Room = {
  classNames: ['Conv2D'],
  refuses: ({ layer }) =>
    (layer as any).dataFormat === 'channelsFirst'
      ? 'channels come first'
      : activationNamed(nameOf(layer))
        ? undefined
        : `its activation "${nameOf(layer)}" has no kernel`,
  build(build, { layer, shape }, [x]) {
    const kernel = build.parameters.of(layer, 'kernel')!
    const bias = build.parameters.of(layer, 'bias')
    const conv = { window: windowOf(layer, (layer as any).kernelSize, x!.shape, shape), inputs: x!.shape[2]!, outputs: shape[2]! }
    return activate(build, layer.name, convolution(build, layer.name, x!, shape, conv, kernel, bias), activationNamed(nameOf(layer))!)
  },
}
