/** Renders one road sign from its key: the same bytes on any machine, since it uses only + - * /, square roots, floors and integer hashes. */
import { background } from './background.ts'
import { area, type Canvas } from './canvas.ts'
import { cover, pole } from './cover.ts'
import { type Draws, draws } from './draws.ts'
import { expose } from './lens.ts'
import { light } from './light.ts'
import { place, pose } from './pose.ts'
import { severity } from './severity.ts'
import { signs } from './signs.ts'
import { cosine, sine } from './sine.ts'
import { type Template, template } from './template.ts'
import { texture } from './texture.ts'

/** Reused for each image: the background covers all of it. */
const canvas: Canvas = new Float64Array(3 * area)

let drawn: readonly Template[] | undefined
const templates = () => (drawn ??= signs.map((sign) => template(sign)))

/** Fades and dirties the colours of a sign: one draw of material for each sign. */
function material(draw: Draws): (rgba: Float64Array, u: number, v: number) => void {
  const fading = draw.rarely(severity.fading)
  const hue = [draw.within(severity.hue), draw.within(severity.hue), draw.within(severity.hue)]
  const dirty = draw.chance(severity.dirt.chance)
  const [depth, cell, stream] = [draw.within(severity.dirt.depth), draw.within(severity.dirt.cell), draw.stream()]
  return (rgba, u, v) => {
    const alpha = rgba[3]!
    const grey = (rgba[0]! + rgba[1]! + rgba[2]!) / 3
    const patch = dirty ? Math.max(0, texture(stream, u * 16 + 64, v * 16 + 64, cell, 2) - 0.4) * depth : 0
    for (let c = 0; c < 3; c++) {
      const faded = rgba[c]! + (grey * 0.6 + 0.25 * alpha - rgba[c]!) * fading + hue[c]! * alpha
      rgba[c] = Math.max(0, faded * (1 - patch))
    }
  }
}

function fragment(canvas: Canvas, draw: Draws, x: number, y: number, radius: number): void {
  const other = draw.pick(templates())
  const [bearing, size] = [draw.unit(), draw.within(severity.fragment.radius)]
  const gap = (radius + size) * draw.within(severity.fragment.gap)
  place(canvas, other, pose(draw, x + gap * cosine(bearing), y + gap * sine(bearing), size), material(draw))
}

/** Writes the sign of class `label` as uint8 [32, 32, 3] at `offset`; `streamKey` decides all else. */
export function render(label: number, streamKey: number, into: Uint8Array, offset: number): void {
  const draw = draws(streamKey)
  background(canvas, draw)
  const [x, y, radius] = [16 + draw.within(severity.offset), 16 + draw.within(severity.offset), draw.rarely(severity.radius)]
  if (draw.chance(severity.fragment.chance)) fragment(canvas, draw, x, y, radius)
  const at = pose(draw, x, y, radius)
  pole(canvas, draw, at)
  place(canvas, templates()[label]!, at, material(draw))
  cover(canvas, draw, at)
  light(canvas, draw)
  expose(canvas, draw, into, offset)
}
