/** The sheet of masks: images and classes where they belong, in the colours of the legend. */
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { classColours, maskSheet } from '../src/data/mask-sheet.ts'
import { splitOf } from '../src/data/split.ts'

const [height, width] = [8, 40]
const split = splitOf([height, width, 3], Int32Array.of(0, 0), (index, into, offset) =>
  into.fill(100 + index, offset, offset + height * width * 3),
)

test('a row for each image, each mask beside it; what is no class is black', async () => {
  const masks = [Uint8Array.from({ length: height * width }, (_, i) => (i % width < 20 ? 1 : 255)), new Uint8Array(height * width)]
  const png = await maskSheet(split, ['sky', 'road'], ['image', 'truth', 'int8'], [{ index: 1, masks }])
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  expect(info.width).toBe(4 + 3 * (width + 4))
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)]
  const row = 4 + 13 + 3
  const [sky, road] = classColours(2)
  expect(at(4 + 5, row)).toEqual([101, 101, 101])
  expect([at(4 + 44 + 5, row), at(4 + 44 + 30, row)]).toEqual([[...road!], [0, 0, 0]])
  expect(at(4 + 88 + 5, row)).toEqual([...sky!])
  // The legend.
  expect(at(4 + 2, 4 + 13 + height + 4 + 2)).toEqual([...sky!])
})

test('thirty classes have thirty colours', () => {
  expect(new Set(classColours(30).map(String)).size).toBe(30)
})
