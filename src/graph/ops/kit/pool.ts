/** Pools: one number for each channel of a window. */
import type { Elements } from '../../ir/graph.ts'
import { type Padding, windowOf } from '../../math/window.ts'
import { activation, fused, int, type Kernel, type Operand, padding, same } from '../define.ts'
import { eachPosition, tapsInside, windowFacts, windowShape } from './windowed.ts'

export type PoolAttrs = {
  readonly padding: Padding
  readonly strideW: number
  readonly strideH: number
  readonly filterW: number
  readonly filterH: number
  readonly fusedActivation: string
}

/** Everything that pools have in common, but their kernels and their name. */
export const pooling = {
  attrs: { padding: padding(0), strideW: int(1), strideH: int(2), filterW: int(3), filterH: int(4), fusedActivation: fused(5) },
  family: 'pool',
  roles: { in: [activation], out: [same()] },
  infer: (attrs: PoolAttrs, [x]: readonly Operand[]) => [[...windowShape(attrs, x!.shape, [attrs.filterH, attrs.filterW]), x!.shape[3]!]],
  macs: () => 0,
  facts: (attrs: PoolAttrs, [x]: readonly Operand[]) => ({
    ...windowFacts(attrs, [attrs.filterH, attrs.filterW], x!.shape),
    ...{ inputChannels: x!.shape[3]! },
  }),
  examples: [
    { attrs: { filterH: 2, filterW: 2, strideH: 2, strideW: 2 }, shapes: [[1, 4, 4, 3]] },
    { attrs: { filterH: 3, filterW: 2, strideH: 2, strideW: 1, fusedActivation: 'relu' }, shapes: [[2, 5, 5, 4]] },
    { attrs: { padding: 'valid', filterH: 3, filterW: 3, strideH: 1, strideW: 2, fusedActivation: 'relu6' }, shapes: [[1, 5, 7, 2]] },
    { attrs: { padding: 'valid', filterH: 4, filterW: 4, strideH: 4, strideW: 4 }, shapes: [[1, 4, 4, 8]] },
  ],
} as const

/** Folds each window, channel by channel: `meet` takes a sum and a value, `close` the sum and the count of pixels inside the image. */
export function pool(
  attrs: PoolAttrs,
  [x]: readonly Operand[],
  [y]: readonly Operand[],
  start: number,
  meet: (sum: number, value: number) => number,
  close: (sum: number, count: number) => number,
): Kernel {
  const w = windowOf(attrs, x!.shape, [attrs.filterH, attrs.filterW], y!.shape)
  const channels = x!.shape[3]!
  const sums = new Float64Array(channels)
  const fold = (xs: Elements, ys: Elements, at: number, image: number, top: number, left: number) => {
    const [firstY, lastY] = tapsInside(top, w.kernelH, 1, w.inH)
    const [firstX, lastX] = tapsInside(left, w.kernelW, 1, w.inW)
    sums.fill(start)
    for (let ky = firstY; ky < lastY; ky++) {
      let from = ((image * w.inH + top + ky) * w.inW + left + firstX) * channels
      for (let kx = firstX; kx < lastX; kx++) for (let c = 0; c < channels; c++) sums[c] = meet(sums[c]!, xs[from++]!)
    }
    const count = (lastY - firstY) * (lastX - firstX)
    for (let c = 0, to = at * channels; c < channels; c++) ys[to++] = close(sums[c]!, count)
  }
  return ([xs], [ys]) => eachPosition(w, (at, image, top, left) => fold(xs!, ys!, at, image, top, left))
}
