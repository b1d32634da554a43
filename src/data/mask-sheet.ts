/** A sheet of images with classes of their pixels beside them, in colours that a legend names. */
import sharp from 'sharp'
import type { Split } from './define.ts'
import { glyph, write } from './letters.ts'

export type SheetRow = {
  readonly index: number
  /** A class for each pixel of the image; what is none of the classes is black. */
  readonly masks: readonly ArrayLike<number>[]
}

const gap = 4
const paper = 250
const ink = 40
/** The most pixels of a cell across: three of them and four rows stay below half a megabyte. */
const widest = 256
const line = glyph.height + 6

/** The colours of as many classes: turns of the golden angle, so that neighbours differ, in three tones. */
export const classColours = (classes: number): (readonly [number, number, number])[] =>
  Array.from({ length: classes }, (_, k) => fromHue((k * 137.508) % 360, [0.95, 0.7, 0.45][k % 3]!))

function fromHue(degrees: number, value: number): readonly [number, number, number] {
  const channel = (n: number) => {
    const k = (n + degrees / 60) % 6
    return Math.round(255 * value * (1 - 0.85 * Math.max(0, Math.min(k, 4 - k, 1))))
  }
  return [channel(5), channel(3), channel(1)]
}

/** `titles` names the columns: the image, then each mask. Returns a PNG. */
export async function maskSheet(
  split: Split,
  classes: readonly string[],
  titles: readonly string[],
  rows: readonly SheetRow[],
): Promise<Uint8Array> {
  const [height, width, channels] = split.shape
  const cell = { width: Math.min(widest, width), height: Math.round((height * Math.min(widest, width)) / width) }
  const columns = titles.length
  const sheetWidth = gap + columns * (cell.width + gap)
  const legend = places(classes, sheetWidth)
  const top = gap + line
  const below = top + rows.length * (cell.height + gap)
  const sheet = new Uint8Array(sheetWidth * (below + legend.height) * 3).fill(paper)
  const put = (x: number, y: number, [r, g, b]: readonly [number, number, number]) => sheet.set([r, g, b], (y * sheetWidth + x) * 3)
  const say = (text: string, left: number, at: number) =>
    write(text, (x, y) => left + x < sheetWidth && put(left + x, at + y, [ink, ink, ink]))
  const colours = classColours(classes.length)
  const draw = (column: number, row: number, colourAt: (at: number) => readonly [number, number, number]) => {
    for (let y = 0; y < cell.height; y++)
      for (let x = 0; x < cell.width; x++) {
        const from = Math.floor(((y + 0.5) * height) / cell.height) * width + Math.floor(((x + 0.5) * width) / cell.width)
        put(gap + column * (cell.width + gap) + x, top + row * (cell.height + gap) + y, colourAt(from))
      }
  }
  for (const [c, title] of titles.entries()) say(title, gap + c * (cell.width + gap), gap)
  const image = new Uint8Array(height * width * channels)
  for (const [r, { index, masks }] of rows.entries()) {
    split.read(index, image, 0)
    draw(0, r, (at) => [0, 1, 2].map((c) => image[at * channels + Math.min(c, channels - 1)]!) as [number, number, number])
    for (const [m, mask] of masks.entries()) draw(m + 1, r, (at) => colours[mask[at]!] ?? [0, 0, 0])
  }
  for (const [k, { x, y }] of legend.at.entries()) {
    for (let dy = 0; dy < glyph.height; dy++) for (let dx = 0; dx < glyph.height; dx++) put(x + dx, below + y + dy, colours[k]!)
    say(classes[k]!, x + glyph.height + 3, below + y)
  }
  return sharp(sheet, { raw: { width: sheetWidth, height: below + legend.height, channels: 3 } })
    .png({ compressionLevel: 9 })
    .toBuffer()
}

/** Where each class stands in the legend: side by side while the width lasts. */
function places(
  classes: readonly string[],
  width: number,
): { readonly at: { readonly x: number; readonly y: number }[]; readonly height: number } {
  let [x, y] = [gap, 0]
  const at = classes.map((name) => {
    const needs = glyph.height + 3 + name.length * glyph.pitch + 3 * gap
    if (x > gap && x + needs > width) [x, y] = [gap, y + line]
    const here = { x, y }
    x += needs
    return here
  })
  return { at, height: y + line }
}
