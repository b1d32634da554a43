/** A sign drawn once, face on, from the signed distances of its shapes; poses are looked up in it. */
import { inks } from './plates.ts'
import { distance } from './shapes.ts'
import type { Sign } from './signs.ts'

/** Half-width of the drawn square, in hundredths of the plate: a rim outside the plate stays clear. */
const reach = 108

export type Template = {
  readonly side: number
  /** Premultiplied RGBA, 0 to 1, [side, side, 4]. */
  readonly texels: Float64Array
}

/** Draws a sign on `side` by `side` texels; edges are one texel soft. */
export function template(sign: Sign, side = 64): Template {
  const texels = new Float64Array(side * side * 4)
  const texel = (2 * reach) / side
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const [x, y] = [(column + 0.5) * texel - reach, (row + 0.5) * texel - reach]
      const at = (row * side + column) * 4
      for (const { ink, shapes } of sign.layers) {
        let nearest = Number.POSITIVE_INFINITY
        for (const shape of shapes) nearest = Math.min(nearest, distance(shape, x, y))
        const cover = Math.min(1, Math.max(0, 0.5 - nearest / texel))
        for (let c = 0; c < 3; c++) texels[at + c] = texels[at + c]! * (1 - cover) + inks[ink][c]! * cover
        texels[at + 3] = texels[at + 3]! * (1 - cover) + cover
      }
    }
  }
  return { side, texels }
}

/** Bilinear look-up at (u, v) in plate half-widths, premultiplied RGBA added into `sum`. Outside it adds nothing. */
export function lookUp({ side, texels }: Template, u: number, v: number, sum: Float64Array): void {
  const x = ((u * 100 + reach) / (2 * reach)) * side - 0.5
  const y = ((v * 100 + reach) / (2 * reach)) * side - 0.5
  if (!(x >= 0 && y >= 0 && x < side - 1 && y < side - 1)) return
  const left = Math.floor(x)
  const top = Math.floor(y)
  const fx = x - left
  const fy = y - top
  const at = (top * side + left) * 4
  const below = at + side * 4
  for (let c = 0; c < 4; c++) {
    const upper = texels[at + c]! + (texels[at + 4 + c]! - texels[at + c]!) * fx
    const lower = texels[below + c]! + (texels[below + 4 + c]! - texels[below + c]!) * fx
    sum[c] = sum[c]! + upper + (lower - upper) * fy
  }
}
