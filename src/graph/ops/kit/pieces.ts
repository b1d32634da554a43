/** Tensors joined along an axis, or cut apart. All share one scale, so elements move as they are. */
import { type Shape, size } from '../../ir/graph.ts'
import type { Kernel } from '../define.ts'

/** Lays inputs one behind the other along axis `along`; an input without that axis counts one there. */
export function join(along: number, shapes: readonly Shape[]): Kernel {
  const runs = shapes.map((shape) => size(shape.slice(along)))
  const times = size(shapes[0]!.slice(0, along))
  return (from, [to]) => {
    let at = 0
    for (let t = 0; t < times; t++)
      for (let i = 0; i < runs.length; i++) {
        const run = runs[i]!
        to!.set(from[i]!.subarray(t * run, (t + 1) * run) as never, at)
        at += run
      }
  }
}

/** Cuts input `of` along axis `along` into pieces of these extents. */
export function cut(along: number, shape: Shape, extents: readonly number[], of = 0): Kernel {
  const [times, inner] = [size(shape.slice(0, along)), size(shape.slice(along + 1))]
  return (from, to) => {
    let at = 0
    for (let t = 0; t < times; t++)
      for (let o = 0; o < extents.length; o++) {
        const run = extents[o]! * inner
        to[o]!.set(from[of]!.subarray(at, at + run) as never, t * run)
        at += run
      }
  }
}
