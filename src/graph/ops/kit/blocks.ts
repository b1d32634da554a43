/** Pixels in blocks: the maps between space and depth, and between space and batch. */
import { type Shape, size } from '../../ir/graph.ts'
import { activation, index, int, type Kernel, type Operand, same } from '../define.ts'
import { constant, eachIndex, stridesOf } from './gather.ts'

export type BlockAttrs = { readonly blockSize: number }

/** What SPACE_TO_DEPTH and DEPTH_TO_SPACE have in common. */
export const depthBlocks = {
  attrs: { blockSize: int(0) },
  family: 'move',
  roles: { in: [activation], out: [same()] },
  macs: () => 0,
  facts: ({ blockSize }: BlockAttrs) => ({ blockSize }),
} as const

/** Where a pixel of the fine image of `shape` stands in the coarse one: the place in its block is the high part of the channel. */
export function coarse(blockSize: number, fine: Shape): (at: readonly number[]) => number {
  const [, height, width, channels] = fine as readonly [number, number, number, number]
  const [rows, columns] = [height / blockSize, width / blockSize]
  return ([n, y, x, c]) => {
    const place = (y! % blockSize) * blockSize + (x! % blockSize)
    const pixel = (n! * rows + Math.floor(y! / blockSize)) * columns + Math.floor(x! / blockSize)
    return (pixel * blockSize * blockSize + place) * channels + c!
  }
}

/** What SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND have in common. */
export const batchBlocks = {
  attrs: {},
  family: 'move',
  roles: { in: [activation, index, index], out: [same()] },
  macs: () => 0,
  facts: (_: unknown, [, block, edges]: readonly Operand[]) => ({ parametersConstant: !!block!.data && !!edges!.data }),
} as const

/** Block extents, and for each of their axes what lies before and behind the image. */
export function blocksOf([x, block, edges]: readonly Operand[], what: string) {
  const [extents, widths] = [constant(block, 'block shape'), constant(edges, what)]
  const n = extents.length
  if (n === 0 || n > x!.shape.length - 1 || widths.length !== 2 * n || [...extents, ...widths].some((v) => v < 0) || extents.includes(0))
    throw new Error(`blocks of [${extents}] with ${what} [${widths}] do not fit [${x!.shape}]`)
  return { extents, before: extents.map((_, i) => widths[2 * i]!), behind: extents.map((_, i) => widths[2 * i + 1]!) }
}

/** Where an element of the deep batch stands in the image, -1 in its padding. */
export function wide(extents: readonly number[], before: readonly number[], image: Shape): (at: readonly number[]) => number {
  const [strides, places] = [stridesOf(image), stridesOf(extents)]
  return (at) => {
    const place = Math.floor(at[0]! / image[0]!)
    let from = (at[0]! % image[0]!) * strides[0]!
    for (let axis = 1; axis < at.length; axis++) {
      const i = axis - 1
      const within = i < extents.length ? Math.floor(place / places[i]!) % extents[i]! : 0
      const y = i < extents.length ? at[axis]! * extents[i]! + within - before[i]! : at[axis]!
      if (y < 0 || y >= image[axis]!) return -1
      from += y * strides[axis]!
    }
    return from
  }
}

/** A kernel that moves each input element to where `target` says, -1 for nowhere. */
export function scatter(from: Shape, target: (at: readonly number[]) => number, to: Shape): Kernel {
  const sources = new Int32Array(size(to))
  eachIndex(from, (at, i) => {
    const place = target(at)
    if (place >= 0) sources[place] = i
  })
  return ([x], [y]) => {
    for (let i = 0; i < sources.length; i++) y![i] = x![sources[i]!]!
  }
}
