/** What the two RESIZE operators share: options, output shape, facts. */
import type { Shape } from '../../ir/graph.ts'
import { activation, bool, index, type Operand, same } from '../define.ts'
import { constant } from './gather.ts'

export type ResizeAttrs = { readonly alignCorners: boolean; readonly halfPixelCenters: boolean }

/** Everything in common but the slots of the options, the name and the kernels. */
export const resizing = (firstSlot: number) =>
  ({
    attrs: { alignCorners: bool(firstSlot), halfPixelCenters: bool(firstSlot + 1) },
    family: 'move',
    roles: { in: [activation, index], out: [same()] },
    infer: ({ alignCorners, halfPixelCenters }: ResizeAttrs, [x, extents]: readonly Operand[]): Shape[] => {
      const [height, width] = constant(extents, 'size')
      if (x!.shape.length !== 4 || !(height! > 0) || !(width! > 0)) throw new Error(`[${x!.shape}] does not resize to ${height} x ${width}`)
      if (alignCorners && halfPixelCenters) throw new Error('its options align_corners and half_pixel_centers exclude each other')
      return [[x!.shape[0]!, height!, width!, x!.shape[3]!]]
    },
    macs: () => 0,
    facts: ({ alignCorners, halfPixelCenters }: ResizeAttrs, [x]: readonly Operand[], [y]: readonly Operand[]) => ({
      ...{ alignCorners, halfPixelCenters, scaleH: y!.shape[1]! / x!.shape[1]!, scaleW: y!.shape[2]! / x!.shape[2]! },
      upscale: upscaleOf(alignCorners, x!.shape, y!.shape),
    }),
    examples: [
      { shapes: [[1, 3, 3, 2], [2]], consts: { 1: [6, 6] } },
      { attrs: { alignCorners: true }, shapes: [[1, 3, 4, 2], [2]], consts: { 1: [5, 7] } },
      { attrs: { halfPixelCenters: true }, shapes: [[2, 4, 4, 1], [2]], consts: { 1: [8, 6] } },
    ],
  }) as const

/** The one factor of height and width, an extent of 1 going with any; 0 where they differ. Corners that align stretch the gaps. */
function upscaleOf(alignCorners: boolean, from: Shape, to: Shape): number {
  const gap = alignCorners ? 1 : 0
  const [h, w] = [1, 2].map((axis) => (from[axis] === 1 ? undefined : (to[axis]! - gap) / (from[axis]! - gap)))
  return (h ?? w ?? 1) === (w ?? h ?? 1) ? (h ?? w ?? 1) : 0
}
