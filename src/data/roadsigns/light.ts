/** Light on the scene: gain, gradient, shadow, colour cast, haze, glare and the camera's curve. */
import { area, type Canvas, side } from './canvas.ts'
import type { Draws } from './draws.ts'
import { severity } from './severity.ts'
import { cosine, sine } from './sine.ts'

const clamp = (value: number) => Math.min(1, Math.max(0, value))

/** How bright each pixel is lit, from a gradient across the image and perhaps a shadow's edge. */
function lit(draw: Draws): Float64Array {
  const [gain, slope, bearing] = [draw.within(severity.gain), draw.mostlyLow(severity.gradient), draw.unit()]
  const shadowed = draw.chance(severity.shadow.chance)
  const [depth, softness, side2] = [draw.within(severity.shadow.depth), draw.within(severity.shadow.softness), draw.unit()]
  const edge = draw.within([-8, 8])
  const field = new Float64Array(area)
  for (let pixel = 0; pixel < area; pixel++) {
    const [x, y] = [(pixel % side) + 0.5 - side / 2, Math.floor(pixel / side) + 0.5 - side / 2]
    let light = gain * (1 + (slope * (x * cosine(bearing) + y * sine(bearing))) / side)
    if (shadowed) light *= 1 - depth * clamp(0.5 + (x * cosine(side2) + y * sine(side2) - edge) / softness)
    field[pixel] = light
  }
  return field
}

/** Towards x squared for a negative bend, towards the square root for a positive one: a gamma curve without Math.pow. */
const curve = (x: number, bend: number) => (bend < 0 ? x + bend * (x - x * x) : x + bend * (Math.sqrt(x) - x))

export function light(canvas: Canvas, draw: Draws): void {
  const field = lit(draw)
  const haze = draw.mostlyLow(severity.haze)
  const veil = draw.within([0.35, 0.85])
  const bend = draw.within(severity.gamma)
  const glares = draw.chance(severity.glare.chance)
  const [gx, gy] = [draw.within([0, side]), draw.within([0, side])]
  const [reach, strength] = [draw.within(severity.glare.radius), draw.within(severity.glare.strength)]
  for (let c = 0; c < 3; c++) {
    const cast = 1 + draw.within(severity.cast)
    for (let pixel = 0; pixel < area; pixel++) {
      const at = c * area + pixel
      let value = canvas[at]! * (1 - haze) + veil * haze
      value *= field[pixel]! * cast
      if (glares) {
        const [x, y] = [(pixel % side) - gx, Math.floor(pixel / side) - gy]
        const near = Math.max(0, 1 - (x * x + y * y) / (reach * reach))
        value += strength * near * near
      }
      canvas[at] = curve(clamp(value), bend)
    }
  }
}
