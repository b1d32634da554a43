/** A contact sheet: examples of each class beside its name, to be looked at before a model is. */
import sharp from 'sharp'
import type { DataSet, SplitName } from './define.ts'
import { glyph, write } from './letters.ts'
import { sample } from './sample.ts'

export type SheetOptions = {
  readonly split?: SplitName
  /** Examples of a class; at most as many as the split holds. */
  readonly columns?: number
  /** Screen pixels for a pixel of the image. */
  readonly zoom?: number
  readonly seed?: number
}

const gap = 2
const paper = 250
const ink = 40

/** The first indices of each class in a balanced sample; classes without an example have an empty list. */
function examples(data: DataSet, split: SplitName, columns: number, seed: number): number[][] {
  const lists: number[][] = data.classes.map(() => [])
  for (const index of sample(data.splits[split], data.splits[split].count, seed)) {
    const list = lists[data.splits[split].labels[index]!]!
    if (list.length < columns) list.push(index)
  }
  return lists
}

/** A row for each class: its name and the number of its images in the split, then examples. Returns a PNG. */
export async function contactSheet(
  data: DataSet,
  { split = 'train', columns = 16, zoom = 2, seed = 0 }: SheetOptions = {},
): Promise<Uint8Array> {
  const { labels, shape, read } = data.splits[split]
  const [height, width, channels] = shape
  const counts = data.classes.map((_, label) => labels.reduce((n, other) => n + (other === label ? 1 : 0), 0))
  const titles = data.classes.map((name, label) => `${name.slice(0, 32)}  ${counts[label]}`)
  const margin = Math.max(...titles.map((title) => title.length)) * glyph.pitch + 8
  const [cellHeight, cellWidth] = [Math.max(height * zoom, glyph.height) + gap, width * zoom + gap]
  const sheet = { width: margin + columns * cellWidth + gap, height: data.classes.length * cellHeight + gap }
  const pixels = new Uint8Array(sheet.width * sheet.height * 3).fill(paper)
  const image = new Uint8Array(height * width * channels)
  examples(data, split, columns, seed).forEach((list, row) => {
    const top = gap + row * cellHeight
    const textTop = top + Math.floor((cellHeight - gap - glyph.height) / 2)
    write(titles[row]!, (x, y) =>
      pixels.fill(ink, ((textTop + y) * sheet.width + 4 + x) * 3, ((textTop + y) * sheet.width + 4 + x) * 3 + 3),
    )
    list.forEach((index, column) => {
      read(index, image, 0)
      const left = margin + column * cellWidth
      for (let y = 0; y < height * zoom; y++) {
        for (let x = 0; x < width * zoom; x++) {
          const from = (Math.floor(y / zoom) * width + Math.floor(x / zoom)) * channels
          const to = ((top + y) * sheet.width + left + x) * 3
          for (let c = 0; c < 3; c++) pixels[to + c] = image[from + (channels === 1 ? 0 : c)]!
        }
      }
    })
  })
  return sharp(pixels, { raw: { ...sheet, channels: 3 } })
    .png({ compressionLevel: 9 })
    .toBuffer()
}
