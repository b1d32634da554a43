/** Where a sign stands in the picture: a homography between its plane and the image. */
import { area, type Canvas, side } from './canvas.ts'
import type { Draws } from './draws.ts'
import { severity } from './severity.ts'
import { cosine, sine } from './sine.ts'
import { lookUp, type Template } from './template.ts'

/** Image (x, y) to sign plane (u, v): the nine entries of a 3 x 3 matrix, row by row. */
export type Pose = { readonly toSign: readonly number[]; readonly x: number; readonly y: number; readonly radius: number }

/** Rows of the inverse, up to a factor, which a homography does not feel. */
const adjugate = ([a, b, c, d, e, f, g, h, i]: readonly number[]) =>
  [
    e! * i! - f! * h!, c! * h! - b! * i!, b! * f! - c! * e!,
    f! * g! - d! * i!, a! * i! - c! * g!, c! * d! - a! * f!,
    d! * h! - e! * g!, b! * g! - a! * h!, a! * e! - b! * d!,
  ] // biome-ignore format: three by three

/** Draws a pose with its centre at (x, y). The sign is turned in its plane, then sideways, then up or down, and seen in perspective. */
export function pose(draw: Draws, x: number, y: number, radius: number): Pose {
  const [roll, yaw, pitch] = [draw.within(severity.roll), draw.within(severity.yaw), draw.within(severity.pitch)]
  const near = draw.within(severity.nearness)
  const [cr, sr, cy, sy, cp, sp] = [cosine(roll), sine(roll), cosine(yaw), sine(yaw), cosine(pitch), sine(pitch)]
  const [ux, uy, uz] = [cy * cr, cp * sr + sp * sy * cr, sp * sr - cp * sy * cr]
  const [vx, vy, vz] = [-cy * sr, cp * cr - sp * sy * sr, sp * cr + cp * sy * sr]
  const toImage = [
    radius * ux + x * near * uz, radius * vx + x * near * vz, x,
    radius * uy + y * near * uz, radius * vy + y * near * vz, y,
    near * uz, near * vz, 1,
  ] // biome-ignore format: three by three
  return { toSign: adjugate(toImage), x, y, radius }
}

/** The point of the sign's plane seen at (x, y). */
export function seen({ toSign: m }: Pose, x: number, y: number): readonly [u: number, v: number] {
  const w = m[6]! * x + m[7]! * y + m[8]!
  return [(m[0]! * x + m[1]! * y + m[2]!) / w, (m[3]! * x + m[4]! * y + m[5]!) / w]
}

/** Offsets of the four samples of a pixel, x and y. */
const samples = [0.25, 0.25, 0.75, 0.25, 0.25, 0.75, 0.75, 0.75]

/** Lays a sign over the picture; `surface` may change the colour of a pixel (premultiplied RGBA) that shows the sign at (u, v). */
export function place(canvas: Canvas, drawn: Template, at: Pose, surface: (rgba: Float64Array, u: number, v: number) => void): void {
  const rgba = new Float64Array(4)
  const m = Float64Array.from(at.toSign)
  const reach = at.radius * 1.7
  const [top, bottom] = [Math.max(0, Math.floor(at.y - reach)), Math.min(side, Math.floor(at.y + reach) + 1)]
  const [left, right] = [Math.max(0, Math.floor(at.x - reach)), Math.min(side, Math.floor(at.x + reach) + 1)]
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      rgba.fill(0)
      for (let n = 0; n < samples.length; n += 2) {
        const x = column + samples[n]!
        const y = row + samples[n + 1]!
        const w = 1 / (m[6]! * x + m[7]! * y + m[8]!)
        lookUp(drawn, (m[0]! * x + m[1]! * y + m[2]!) * w, (m[3]! * x + m[4]! * y + m[5]!) * w, rgba)
      }
      if (rgba[3] === 0) continue
      for (let c = 0; c < 4; c++) rgba[c] = rgba[c]! / 4
      const [x, y] = [column + 0.5, row + 0.5]
      const w = 1 / (m[6]! * x + m[7]! * y + m[8]!)
      surface(rgba, (m[0]! * x + m[1]! * y + m[2]!) * w, (m[3]! * x + m[4]! * y + m[5]!) * w)
      const pixel = row * side + column
      const clear = 1 - rgba[3]!
      for (let c = 0; c < 3; c++) canvas[c * area + pixel] = canvas[c * area + pixel]! * clear + rgba[c]!
    }
  }
}
