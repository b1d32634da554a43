/** Light on the scene: gain, gradient, shadow, colour cast, haze, glare and the camera's curve. */
import { area, type Canvas, side } from './canvas.ts'
import type { Draws } from './draws.ts'
import { severity } from './severity.ts'
import { cosine, sine } from './sine.ts'

/** How bright each pixel is lit; reused for each image. */
const field = new Float64Array(area)

const clamp = (value: number) => Math.min(1, Math.max(0, value))

/** Fills the field from a gradient across the image and perhaps a shadow's edge. */
function lit(draw: Draws): void {
  const [gain, slope, bearing] = [draw.rarely(severity.gain), draw.rarely(severity.gradient), draw.unit()]
  const shadowed = draw.chance(severity.shadow.chance)
  const [depth, softness, shade] = [draw.within(severity.shadow.depth), draw.within(severity.shadow.softness), draw.unit()]
  const edge = draw.within([-8, 8])
  const slopes = [(slope * cosine(bearing)) / side, (slope * sine(bearing)) / side] as const
  const across = [cosine(shade) / softness, sine(shade) / softness] as const
  for (let pixel = 0; pixel < area; pixel++) {
    const x = (pixel % side) + 0.5 - side / 2
    const y = Math.floor(pixel / side) + 0.5 - side / 2
    const light = gain * (1 + x * slopes[0] + y * slopes[1])
    field[pixel] = shadowed ? light * (1 - depth * clamp(0.5 + x * across[0] + y * across[1] - edge / softness)) : light
  }
}

/** Towards x squared for a negative bend, towards the square root for a positive one: a gamma curve without Math.pow. */
const curve = (x: number, bend: number) => (bend < 0 ? x + bend * (x - x * x) : x + bend * (Math.sqrt(x) - x))

export function light(canvas: Canvas, draw: Draws): void {
  lit(draw)
  const haze = draw.rarely(severity.haze)
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
