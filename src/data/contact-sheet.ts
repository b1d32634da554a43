/** A contact sheet: examples of each class beside its name, to be looked at before a model is. */
import sharp from 'sharp'
import type { DataSet, Split, SplitName } from './define.ts'
import { glyph, write } from './letters.ts'
import { sample } from './sample.ts'

export type SheetOptions = {
  readonly split?: SplitName
  /** Examples of a class; fewer where the split holds no more. */
  readonly columns?: number
  /** Classes shown, from the first on. */
  readonly rows?: number
  /** Height of an example on the sheet, in pixels. */
  readonly cell?: number
  readonly seed?: number
}

const gap = 2
const margin = 4
const paper = 250
const ink = 40

/** The first indices of each class in a balanced sample; a class without an example has an empty list. */
function examples(split: Split, classes: number, columns: number, seed: number): number[][] {
  const lists: number[][] = Array.from({ length: classes }, () => [])
  for (const index of sample(split, split.count, seed)) {
    const list = lists[split.labels[index]!]
    if (list && list.length < columns) list.push(index)
  }
  return lists
}

/** Class names, each with the number of its images. */
function titlesOf(names: readonly string[], { labels }: Split): string[] {
  const counts = new Uint32Array(names.length)
  for (const label of labels) if (label < counts.length) counts[label]!++
  return names.map((name, label) => `${name.slice(0, 32)}  ${counts[label]}`)
}

/** Copies an image into the sheet at (left, top), each screen pixel from its nearest neighbour. */
function paste(
  sheet: Uint8Array,
  sheetWidth: number,
  [left, top]: readonly number[],
  image: Uint8Array,
  shape: Split['shape'],
  cell: readonly number[],
) {
  const [height, width, channels] = shape
  const [cellHeight, cellWidth] = [cell[0]!, cell[1]!]
  for (let y = 0; y < cellHeight; y++) {
    const row = Math.floor(((y + 0.5) * height) / cellHeight)
    for (let x = 0; x < cellWidth; x++) {
      const from = (row * width + Math.floor(((x + 0.5) * width) / cellWidth)) * channels
      const to = ((top! + y) * sheetWidth + left! + x) * 3
      for (let c = 0; c < 3; c++) sheet[to + c] = image[from + (channels === 1 ? 0 : c)]!
    }
  }
}

/** A row for each class: its name and the number of its images in the split, then examples. Returns a PNG. */
export async function contactSheet(
  { classes, splits }: DataSet,
  { split: name = 'train', columns = 16, rows = 100, cell = 64, seed = 0 }: SheetOptions = {},
): Promise<Uint8Array> {
  const split = splits[name]
  const [height, width, channels] = split.shape
  const titles = titlesOf(classes.slice(0, rows), split)
  const example = [cell, Math.max(1, Math.round((cell * width) / height))] as const
  const textWidth = Math.max(...titles.map((title) => title.length)) * glyph.pitch + 2 * margin
  const rowHeight = Math.max(cell, glyph.height) + gap
  const size = { width: textWidth + columns * (example[1] + gap) + gap, height: titles.length * rowHeight + gap }
  const sheet = new Uint8Array(size.width * size.height * 3).fill(paper)
  const image = new Uint8Array(height * width * channels)
  examples(split, titles.length, columns, seed).forEach((list, row) => {
    const top = gap + row * rowHeight
    const textTop = top + Math.floor((rowHeight - gap - glyph.height) / 2)
    write(titles[row]!, (x, y) => {
      const at = ((textTop + y) * size.width + margin + x) * 3
      sheet.fill(ink, at, at + 3)
    })
    list.forEach((index, column) => {
      split.read(index, image, 0)
      paste(sheet, size.width, [textWidth + column * (example[1] + gap), top], image, split.shape, example)
    })
  })
  return sharp(sheet, { raw: { ...size, channels: 3 } })
    .png({ compressionLevel: 9 })
    .toBuffer()
}
