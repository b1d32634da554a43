/** What lies behind a sign: a textured scene with blocks and edges. */
import { area, type Canvas, type Colour, fill, lay, mixed, side } from './canvas.ts'
import type { Draws, Range } from './draws.ts'
import { texture } from './texture.ts'

type Scene = {
  readonly name: string
  /** Two of these are drawn, for the dark and the bright of the texture. */
  readonly dark: readonly Colour[]
  readonly bright: readonly Colour[]
  /** Size of the coarsest patch. */
  readonly cell: Range
  readonly octaves: number
  /** How sharply dark and bright meet. */
  readonly contrast: Range
  /** Height over width of the patches' stretch. */
  readonly stretch: Range
  readonly blocks: Range
}

const scenes: readonly Scene[] = [
  {
    name: 'sky',
    dark: [[0.45, 0.6, 0.82], [0.62, 0.66, 0.7], [0.3, 0.45, 0.7]],
    bright: [[0.8, 0.87, 0.95], [0.9, 0.9, 0.9], [0.68, 0.78, 0.9]],
    cell: [14, 40], octaves: 2, contrast: [0.6, 1.5], stretch: [1, 3], blocks: [0, 1],
  },
  {
    name: 'foliage',
    dark: [[0.04, 0.09, 0.03], [0.1, 0.15, 0.05], [0.14, 0.1, 0.05]],
    bright: [[0.3, 0.45, 0.15], [0.5, 0.55, 0.25], [0.75, 0.82, 0.9], [0.6, 0.42, 0.15]],
    cell: [3, 9], octaves: 3, contrast: [1, 3], stretch: [0.6, 1.6], blocks: [0, 1],
  },
  {
    name: 'wall',
    dark: [[0.35, 0.18, 0.13], [0.4, 0.36, 0.3], [0.28, 0.28, 0.3], [0.5, 0.42, 0.3]],
    bright: [[0.62, 0.4, 0.3], [0.75, 0.7, 0.6], [0.6, 0.6, 0.6], [0.9, 0.85, 0.7]],
    cell: [4, 16], octaves: 2, contrast: [0.5, 1.6], stretch: [0.15, 6], blocks: [1, 4],
  },
  {
    name: 'street',
    dark: [[0.18, 0.18, 0.2], [0.1, 0.12, 0.14], [0.25, 0.24, 0.22]],
    bright: [[0.55, 0.55, 0.56], [0.7, 0.7, 0.68], [0.45, 0.5, 0.55]],
    cell: [5, 20], octaves: 3, contrast: [0.6, 1.8], stretch: [0.4, 1.5], blocks: [2, 6],
  },
] // biome-ignore format: a table

/** Cars, awnings, lamps, adverts: the reds, blues and yellows that are not signs. */
const blockColours: readonly Colour[] = [
  [0.7, 0.12, 0.12], [0.1, 0.25, 0.55], [0.85, 0.7, 0.15], [0.9, 0.9, 0.9], [0.06, 0.06, 0.07], [0.4, 0.42, 0.45], [0.55, 0.4, 0.25], [0.25, 0.4, 0.2],
] // biome-ignore format: a table

/** Paints the whole canvas. */
export function background(canvas: Canvas, draw: Draws): void {
  const scene = draw.pick(scenes)
  const [dark, bright] = [draw.pick(scene.dark), draw.pick(scene.bright)]
  const [stream, cell, contrast, stretch] = [
    draw.stream(),
    draw.within(scene.cell),
    draw.within(scene.contrast),
    draw.within(scene.stretch),
  ]
  const horizon = draw.within([-0.3, 0.3])
  for (let pixel = 0; pixel < area; pixel++) {
    const [x, y] = [pixel % side, Math.floor(pixel / side)]
    const level = 0.5 + (texture(stream, x, y / stretch, cell, scene.octaves) - 0.5) * 1.6 * contrast + horizon * (y / side - 0.5)
    lay(canvas, pixel, mixed(dark, bright, Math.min(1, Math.max(0, level))), 1)
  }
  for (let count = draw.whole(scene.blocks); count > 0; count--) block(canvas, draw)
}

function block(canvas: Canvas, draw: Draws): void {
  const colour = mixed(draw.pick(blockColours), [0.5, 0.5, 0.5], draw.within([0, 0.5]))
  const [x, y] = [draw.within([0, side]), draw.within([0, side])]
  const [halfWidth, halfHeight] = [draw.within([1, 9]), draw.within([1, 9])]
  fill(canvas, colour, (px, py) => Math.max(Math.abs(px - x) - halfWidth, Math.abs(py - y) - halfHeight))
}
