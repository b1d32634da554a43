/** RESIZE_NEAREST_NEIGHBOR: each output pixel is one input pixel. */
import { roundAway } from '../math/requantise.ts'
import { defineOp, type Kernel, type Operand } from './define.ts'
import { gather, stridesOf } from './kit/gather.ts'
import { type ResizeAttrs, resizing } from './kit/resize.ts'

export const resizeNearestNeighbor = defineOp({
  ...resizing(0),
  name: 'resize-nearest-neighbor',
  tflite: {
    code: 97,
    options: 74,
    version: ({ alignCorners, halfPixelCenters }, [x]) =>
      x?.dtype === 'int16' ? 4 : alignCorners || halfPixelCenters ? 3 : x?.dtype === 'int8' ? 2 : 1,
  },
  float: (attrs, [x], [y]) => nearest(attrs, x, y),
  int8: (attrs, [x], [y]) => nearest(attrs, x, y),
})

function nearest({ alignCorners, halfPixelCenters }: ResizeAttrs, x: Operand, y: Operand): Kernel {
  const pick = (axis: number): number[] => {
    const [n, out] = [x.shape[axis]!, y.shape[axis]!]
    const scale = Math.fround(alignCorners && out > 1 ? (n - 1) / (out - 1) : n / out)
    return Array.from({ length: out }, (_, i) => {
      const at = Math.fround((i + (halfPixelCenters ? 0.5 : 0)) * scale)
      return Math.min(n - 1, alignCorners ? roundAway(at) : Math.floor(at))
    })
  }
  const [rows, columns, strides] = [pick(1), pick(2), stridesOf(x.shape)]
  return gather(y.shape, ([n, h, w, c]) => n! * strides[0]! + rows[h!]! * strides[1]! + columns[w!]! * strides[2]! + c!)
}
