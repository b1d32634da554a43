/** RESIZE_BILINEAR: each output pixel is a mean of four, weighted by nearness; int8 in 10 bits of fraction. */
import { defineOp, type Operand } from './define.ts'
import { type ResizeAttrs, resizing } from './kit/resize.ts'

export const resizeBilinear = defineOp({
  ...resizing(2),
  name: 'resize-bilinear',
  tflite: {
    code: 23,
    options: 15,
    version: ({ halfPixelCenters }, [x]) => (x?.dtype === 'int16' ? 4 : halfPixelCenters ? 3 : x?.dtype === 'int8' ? 2 : 1),
  },
  family: 'elementwise',
  float: (attrs, [x], [y]) =>
    blend(
      x,
      (axis) => realTaps(attrs, x.shape[axis]!, y.shape[axis]!),
      (sum) => sum,
    ),
  int8: (attrs, [x], [y]) =>
    blend(
      x,
      (axis) => integerTaps(attrs, x.shape[axis]!, y.shape[axis]!),
      (sum) => Math.trunc((sum + (sum > 0 ? 2 ** 19 : -(2 ** 19))) / 2 ** 20),
    ),
})

/** Lower and upper neighbour, and the weight of each. */
type Tap = readonly [number, number, number, number]

function realTaps({ alignCorners, halfPixelCenters }: ResizeAttrs, n: number, out: number): Tap[] {
  const scale = alignCorners && out > 1 ? (n - 1) / (out - 1) : n / out
  return Array.from({ length: out }, (_, i) => {
    const at = halfPixelCenters ? (i + 0.5) * scale - 0.5 : i * scale
    const low = Math.max(0, Math.floor(at))
    return [low, Math.min(n - 1, Math.ceil(at)), 1 - (at - low), at - low]
  })
}

function integerTaps({ alignCorners, halfPixelCenters }: ResizeAttrs, n: number, out: number): Tap[] {
  const scale =
    alignCorners && out > 1 ? Math.trunc((1024 * (n - 1) + ((out - 1) >> 1)) / (out - 1)) : Math.trunc((1024 * n + (out >> 1)) / out)
  return Array.from({ length: out }, (_, i) => {
    const at = halfPixelCenters ? i * scale + (scale >> 1) - 512 : i * scale
    const low = Math.max(Math.trunc(at / 1024), 0)
    return [low, Math.min(Math.trunc((at + 1023) / 1024), n - 1), 1024 - (at - 1024 * low), at - 1024 * low]
  })
}

function blend(x: Operand, taps: (axis: number) => Tap[], close: (sum: number) => number) {
  const [rows, columns] = [taps(1), taps(2)]
  const [batch, height, width, channels] = x.shape as readonly [number, number, number, number]
  return ([xs]: readonly ArrayLike<number>[], [ys]: readonly { [i: number]: number }[]) => {
    let to = 0
    for (let n = 0; n < batch; n++)
      for (const [top, bottom, overTop, overBottom] of rows)
        for (const [left, right, overLeft, overRight] of columns) {
          const [high, low] = [(n * height + top) * width, (n * height + bottom) * width]
          for (let c = 0; c < channels; c++) {
            const upper = xs![(high + left) * channels + c]! * overLeft + xs![(high + right) * channels + c]! * overRight
            const lower = xs![(low + left) * channels + c]! * overLeft + xs![(low + right) * channels + c]! * overRight
            ys![to++] = close(upper * overTop + lower * overBottom)
          }
        }
  }
}
