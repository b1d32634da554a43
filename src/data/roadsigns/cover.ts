/** What stands or lies in front of a sign: leaves, stickers, snow, a post. */
import { area, type Canvas, type Colour, fill, lay, side } from './canvas.ts'
import type { Draws } from './draws.ts'
import { type Pose, seen } from './pose.ts'
import { severity } from './severity.ts'
import { cosine, sine } from './sine.ts'
import { texture } from './texture.ts'

const greens: readonly Colour[] = [[0.1, 0.2, 0.06], [0.2, 0.34, 0.1], [0.34, 0.42, 0.15], [0.3, 0.22, 0.1]] // biome-ignore format: a table
const papers: readonly Colour[] = [[0.92, 0.92, 0.9], [0.1, 0.1, 0.1], [0.85, 0.75, 0.1], [0.15, 0.5, 0.25], [0.2, 0.35, 0.7], [0.8, 0.3, 0.5]] // biome-ignore format: a table

function leaves(canvas: Canvas, draw: Draws, at: Pose): void {
  const { count, radius, spread } = severity.leaves
  const bearing = draw.unit()
  const [x, y] = [at.x + at.radius * 0.8 * cosine(bearing), at.y + at.radius * 0.8 * sine(bearing)]
  const wide = draw.within(spread)
  for (let n = draw.whole(count); n > 0; n--) {
    const [lx, ly] = [x + wide * draw.within([-1, 1]), y + wide * draw.within([-1, 1])]
    const [size, turn, slim] = [draw.within(radius), draw.unit(), draw.within([1, 2.2])]
    const [c, s] = [cosine(turn), sine(turn)]
    fill(canvas, draw.pick(greens), (px, py) => {
      const [along, across] = [(px - lx) * c + (py - ly) * s, ((py - ly) * c - (px - lx) * s) * slim]
      return Math.sqrt(along * along + across * across) - size
    })
  }
}

function sticker(canvas: Canvas, draw: Draws, at: Pose): void {
  const { size, at: where } = severity.sticker
  const [u, v, halfWidth, halfHeight, turn] = [draw.within(where), draw.within(where), draw.within(size), draw.within(size), draw.unit()]
  const [c, s] = [cosine(turn), sine(turn)]
  fill(canvas, draw.pick(papers), (px, py) => {
    const [pu, pv] = seen(at, px, py)
    const [along, across] = [(pu - u) * c + (pv - v) * s, (pv - v) * c - (pu - u) * s]
    return Math.max(Math.abs(along) - halfWidth, Math.abs(across) - halfHeight) * at.radius
  })
}

function snow(canvas: Canvas, draw: Draws, at: Pose): void {
  const [until, stream] = [draw.within(severity.snow.until), draw.stream()]
  for (let pixel = 0; pixel < area; pixel++) {
    const [x, y] = [pixel % side, Math.floor(pixel / side)]
    const [u, v] = seen(at, x + 0.5, y + 0.5)
    if (u * u + v * v > 1.2) continue
    const grain = texture(stream, x, y, 5, 2)
    const cover = (until - v + (grain - 0.5) * 1.1) * at.radius * 0.5
    if (cover > 0) lay(canvas, pixel, [0.86 + 0.1 * grain, 0.88 + 0.1 * grain, 0.9 + 0.1 * grain], Math.min(0.95, cover))
  }
}

function post(canvas: Canvas, draw: Draws, at: Pose): void {
  const [x, halfWidth, lean] = [at.x + at.radius * draw.within([-1, 1]), draw.within(severity.post.width) / 2, draw.within([-0.15, 0.15])]
  const grey = draw.within([0.05, 0.6])
  fill(canvas, [grey, grey * 0.97, grey * 0.92], (px, py) => Math.abs(px - x - lean * (py - side / 2)) - halfWidth)
}

const covers = { sticker, snow, leaves, post }

/** Draws which of them there are, and lays them over the picture. */
export function cover(canvas: Canvas, draw: Draws, at: Pose): void {
  for (const [name, lays] of Object.entries(covers)) {
    if (draw.chance(severity[name as keyof typeof covers].chance)) lays(canvas, draw, at)
  }
}

/** The pole that carries the sign, behind it. */
export function pole(canvas: Canvas, draw: Draws, at: Pose): void {
  if (!draw.chance(severity.pole.chance)) return
  const [halfWidth, grey] = [draw.within(severity.pole.width) / 2, draw.within([0.2, 0.7])]
  fill(canvas, [grey, grey, grey], (px, py) => Math.max(Math.abs(px - at.x) - halfWidth, at.y - py))
}
