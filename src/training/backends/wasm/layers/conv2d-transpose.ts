/** Conv2DTranspose: what a convolution's input gradient computes, forward; its own input gradient is that convolution. */
import { ownActivation, refusesActivation } from '../activation.ts'
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
import { region } from '../region.ts'
import { windowOf } from '../window.ts'
import { activate } from './activate.ts'
import { channelsFirst, type Room } from './define.ts'
import { learnBias, learnKernel } from './learn.ts'

export const conv2dTranspose: Room = {
  classNames: ['Conv2DTranspose'],
  refuses: (site, isLast) => channelsFirst(site) ?? refusesActivation(site, isLast),
  build(build, { layer, shape }, [x]) {
    const { plan, parameters } = build
    const kernel = parameters.of(layer, 'kernel')!
    const bias = parameters.of(layer, 'bias')
    // Seen from the convolution that it turns round: from y to x.
    const conv: Conv = { window: windowOf(layer, (layer as any).kernelSize, shape, x!.shape), inputs: shape[2]!, outputs: x!.shape[2]! }
    const y = build.value(layer.name, shape, true)
    const bytesPerImage = 4 * (x!.floats + y.floats)
    const panels = region(`${layer.name} panels`, panelFloatsBack(conv))
    plan.prelude(packBack(conv, kernel.weight, bias?.weight ?? 0, panels))
    plan.images({
      bytesPerImage,
      emit: (from, to, part) => inputGradient(conv, x!.region, panels, y.region, from, to, build.scratchOf(part, scratchFloatsBack(conv))),
    })
    build.onBack(() => {
      const dy = y.gradient
      if (!dy) return
      if (bias) learnBias(build, bias, dy, y.floats / conv.inputs)
      learnKernel(build, { region: dy, floats: y.floats }, { region: x!.region, floats: x!.floats }, conv, kernel)
      build.contribute(x!, (dx) => {
        const through = region(`${layer.name} panels back`, panelFloatsForward(conv))
        plan.prelude(packForward(conv, kernel.weight, 0, through))
        plan.images({
          bytesPerImage,
          emit: (from, to, part) => forward(conv, dy, through, dx, from, to, build.scratchOf(part, scratchFloats(conv))),
        })
      })
    })
    return activate(build, layer.name, y, ownActivation(layer))
  },
}
