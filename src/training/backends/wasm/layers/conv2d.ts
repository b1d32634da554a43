/** Conv2D: any kernel, stride, dilation and padding; optional bias and activation. */
import { ownActivation, refusesActivation } from '../activation.ts'
import type { Build, Value } from '../build.ts'
import type { Conv } from '../conv.ts'
import {
  forward,
  inputGradient,
  packBack,
  packForward,
  panelFloatsBack,
  panelFloatsForward,
  scratchFloats,
  scratchFloatsBack,
} from '../convolve.ts'
import { kernelOf } from '../fake.ts'
import type { Parameter } from '../parameters.ts'
import { region } from '../region.ts'
import { windowOf } from '../window.ts'
import { activate } from './activate.ts'
import { channelsFirst, type Room } from './define.ts'
import { learnBias, learnKernel } from './learn.ts'

/** Adds a convolution; a dense layer is one of 1 x 1 over images of one row of pixels, whose kernel has one scale in int8 (`whole`). */
export function convolution(
  build: Build,
  name: string,
  x: Value,
  shape: readonly number[],
  conv: Conv,
  kernel: Parameter,
  bias: Parameter | undefined,
  whole = false,
): Value {
  const { plan } = build
  const { outputs } = conv
  const y = build.value(name, shape, true)
  const panels = region(`${name} panels`, panelFloatsForward(conv))
  const read = kernelOf(build, kernel, outputs, whole)
  plan.prelude([...read.calls, ...packForward(conv, read.region, bias?.weight ?? 0, panels)])
  plan.images({
    bytesPerImage: 4 * (x.floats + y.floats),
    emit: (from, to, part) => forward(conv, x.region, panels, y.region, from, to, build.scratchOf(part, scratchFloats(conv))),
  })
  build.onBack(() => {
    const dy = y.gradient
    if (!dy) return
    if (bias) learnBias(build, bias, dy, y.floats / outputs)
    learnKernel(build, x, { region: dy, floats: y.floats }, conv, kernel)
    build.contribute(x, (dx) => {
      const back = region(`${name} panels back`, panelFloatsBack(conv))
      const read = kernelOf(build, kernel, outputs, whole)
      plan.prelude([...read.calls, ...packBack(conv, read.region, 0, back)])
      const need = scratchFloatsBack(conv)
      plan.images({
        bytesPerImage: 4 * (x.floats + y.floats),
        emit: (from, to, part) => inputGradient(conv, dy, back, dx, from, to, build.scratchOf(part, need)),
      })
    })
  })
  return y
}

export const conv2d: Room = {
  classNames: ['Conv2D'],
  refuses: (site, isLast) => channelsFirst(site) ?? refusesActivation(site, isLast),
  build(build, { layer, shape }, [x]) {
    const kernel = build.parameters.of(layer, 'kernel')!
    const bias = build.biasOf(layer)
    const conv = { window: windowOf(layer, (layer as any).kernelSize, x!.shape, shape), inputs: x!.shape[2]!, outputs: shape[2]! }
    return activate(build, layer.name, convolution(build, layer.name, x!, shape, conv, kernel, bias), ownActivation(layer))
  },
}
