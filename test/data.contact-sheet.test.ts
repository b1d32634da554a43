/** The contact sheet: a PNG with the examples where they belong. */
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { contactSheet } from '../src/data/contact-sheet.ts'
import type { DataSet, Split } from '../src/data/define.ts'
import { splitOf } from '../src/data/split.ts'

const split: Split = splitOf([4, 4, 3], Int32Array.of(0, 0, 1, 0), (index, into, offset) => {
  into.set(
    Array.from({ length: 48 }, (_, i) => (i % 3 === 0 ? 10 * index : 200)),
    offset,
  )
})
const data: DataSet = { name: 'toy', classes: ['red é', 'blue'], splits: { train: split, validation: split, test: split }, mirrors: false }

test('a row for each class, its name beside its examples', async () => {
  const png = await contactSheet(data, { split: 'test', columns: 3, cell: 12 })
  const { data: pixels, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const cell = 4 * 3 + 2
  const margin = 'red e  3'.length * 6 + 8
  expect([info.width, info.height]).toEqual([margin + 3 * cell + 2, 2 * cell + 2])
  const at = (x: number, y: number) => [...pixels.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)]
  const reds = [0, 1, 2].map((column) => at(margin + column * cell + 5, 8)[0])
  expect(reds.toSorted((a, b) => a! - b!)).toEqual([0, 10, 30])
  expect(at(margin + 5, cell + 8)).toEqual([20, 200, 200])
  expect(at(margin + cell + 5, cell + 8)).toEqual([250, 250, 250])
  const inked = (top: number) =>
    Array.from({ length: cell * margin }, (_, i) => at(i % margin, top + Math.floor(i / margin))).filter(([red]) => red! < 100).length
  expect(inked(0)).toBeGreaterThan(40)
  expect(inked(cell)).toBeGreaterThan(40)
})
