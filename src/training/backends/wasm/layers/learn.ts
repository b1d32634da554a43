/** The gradients of a convolution's weights, and their updates. */
import type { Build } from '../build.ts'
import type { Conv } from '../conv.ts'
import { filterGradient, isPointwise, kernelGradient, productFilter, scratchFloats, sumFloats } from '../convolve.ts'
import type { Parameter } from '../parameters.ts'
import { zeroed } from '../plan.ts'
import { at, call, type Draft, type Region, region } from '../region.ts'

/** Floats of one image, all images in the region. */
type Images = { readonly region: Region; readonly floats: number }

/** The sum of dy over `rows` rows an image. */
export function learnBias(build: Build, bias: Parameter, dy: Region, rows: number): void {
  if (!bias.moments) return
  const { plan } = build
  const sums = build.sums(`${bias.name} gradient`, bias.floats)
  plan.images({
    bytesPerImage: 0,
    begin: sums.begin,
    emit: (from, to, part) => [call('addRows', dy, sums.of(part), bias.floats, from * rows, to * rows)],
  })
  build.update(bias, sums.region, plan.parts, sums.apart)
}

/**
 * The filter gradient from x and dy. With many inputs and few pixels, partitions share the inputs: no sums to add up, one copy of the
 * gradient. Otherwise they share the images and each keeps its sum.
 */
export function learnKernel(build: Build, x: Images, dy: Images, conv: Conv, kernel: Parameter): void {
  if (!kernel.moments) return
  const { plan } = build
  const { inputs, outputs } = conv
  const pixels = dy.floats / outputs
  if (isPointwise(conv) && inputs >= 4 * plan.parts && inputs * outputs >= (8 * pixels * (inputs + outputs)) / 4) {
    const whole = region(`${kernel.name} gradient`, kernel.floats)
    const share = Math.ceil(inputs / plan.parts / 4) * 4
    const parts: Draft[][] = []
    for (let first = 0; first < inputs; first += share) {
      const last = Math.min(first + share, inputs)
      parts.push([
        zeroed(at(whole, first * outputs * 4), (last - first) * outputs * 4),
        ...productFilter(x.region, dy.region, whole, inputs, outputs, 0, plan.batch * pixels, first, last),
      ])
    }
    plan.defer(parts)
    build.update(kernel, whole, 1, 0)
    return
  }
  const sums = build.sums(`${kernel.name} gradient`, sumFloats(conv))
  plan.images({
    bytesPerImage: 4 * (x.floats + dy.floats),
    begin: sums.begin,
    emit: (from, to, part) =>
      filterGradient(conv, x.region, dy.region, sums.of(part), from, to, build.scratchOf(part, scratchFloats(conv))),
    end: (part) => kernelGradient(conv, sums.of(part)),
  })
  build.update(kernel, sums.region, plan.parts, sums.apart)
}
