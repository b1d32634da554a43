/** Images decoded on demand, and the masks of segmentation folders. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { type DataSet, splitNames } from '../src/data/define.ts'
import { openDataSet } from '../src/data/load.ts'
import { bits, key } from '../src/graph/math/random.ts'
import { type Files, flat, image, opened, refusal, tree, without } from './support/data-folders.ts'

const greyPng = (values: readonly number[], width: number) =>
  sharp(Buffer.from(values), { raw: { width, height: values.length / width, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer()
const mask = (data: DataSet, split: (typeof splitNames)[number], index: number) => {
  const [height, width] = data.splits[split].shape
  const into = new Uint8Array(height * width + 2).fill(7)
  data.splits[split].mask!(index, into, 1)
  expect([into[0], into.at(-1)]).toEqual([7, 7])
  return Array.from({ length: height }, (_, y) => [...into.subarray(1 + y * width, 1 + (y + 1) * width)])
}
const frame = (red: number) => flat(red, 3, 2).png().toBuffer()
const camvid: Files = Object.fromEntries(
  (
    await Promise.all(
      Array.from({ length: 16 }, async (_, i) => [
        [`train/a_${String(i).padStart(3, '0')}.png`, await frame(i)],
        [`trainannot/a_${String(i).padStart(3, '0')}.png`, await greyPng([0, 10, 11, 3, 4, 255], 3)],
      ]),
    )
  )
    .flat()
    .concat([
      ['val/b_1.png', await frame(77)],
      ['valannot/b_1.png', await greyPng([1, 1, 1, 2, 2, 2], 3)],
    ]),
)

const unknownClass = await greyPng([1, 1, 1, 2, 2, 12], 3)
const inColour = await frame(3)
const otherSize = await greyPng([0, 10, 11, 3, 4, 255], 2)

describe('segmentation folders', () => {
  test('CamVid: masks follow images, sizes are padded to 8 and ignored there, the end of a film validates', async () => {
    const data = await opened(camvid)
    const { train, validation, test: held } = data.splits
    expect([data.classes.length, train.shape, train.count, validation.count, held.count]).toEqual([11, [8, 8, 3], 14, 2, 1])
    const rows = mask(data, 'train', 3)
    expect(rows[0]).toEqual([0, 10, 255, 255, 255, 255, 255, 255])
    expect(rows[1]).toEqual([3, 4, 255, 255, 255, 255, 255, 255])
    for (const row of rows.slice(2)) expect(row).toEqual(Array(8).fill(255))
    expect([0, 1].map((i) => image(data, 'validation', i)[0])).toEqual([14, 15])
    expect([...image(data, 'test', 0).subarray(7 * 24)]).toEqual(Array(8).fill([77, 10, 200]).flat())
    expect((await opened({ ...camvid, 'valannot/b_1.png': await greyPng([1, 1, 1, 2, 2, 1], 3) })).splits.test.digest).not.toBe(held.digest)
  })

  test('masks are brought to a size by their nearest pixels', async () => {
    const data = await opened({ ...camvid, 'dataset.json': '{"size":[8,8]}' })
    expect(mask(data, 'train', 0)[7]).toEqual([3, 3, 3, 4, 4, 255, 255, 255])
    expect(mask(data, 'train', 0)[3]).toEqual([0, 0, 0, 10, 10, 255, 255, 255])
  })

  test('Cityscapes: label ids become the 19 train ids', async () => {
    const city = async (part: string, name: string, count: number, ids: readonly number[]): Promise<[string, Uint8Array][]> =>
      (
        await Promise.all(
          Array.from(
            { length: count },
            async (_, i): Promise<[string, Uint8Array][]> => [
              [`leftImg8bit/${part}/${name}/${name}_${i}_leftImg8bit.png`, await frame(i)],
              [`gtFine/${part}/${name}/${name}_${i}_gtFine_labelIds.png`, await greyPng(ids, 3)],
              [`gtFine/${part}/${name}/${name}_${i}_gtFine_color.png`, await frame(0)],
            ],
          ),
        )
      ).flat()
    const files = Object.fromEntries([
      ...(await city('train', 'ulm', 8, [7, 8, 33, 0, 29, 255])),
      ...(await city('train', 'bonn', 3, [7, 8, 33, 0, 29, 255])),
      ...(await city('val', 'koeln', 1, [11, 26, 23, 1, 2, 3])),
      ['dataset.json', '{"size":[2,3]}'],
    ])
    const data = await opened(files)
    expect(splitNames.map((name) => data.splits[name].count)).toEqual([10, 1, 1])
    expect(data.classes[18]).toBe('bicycle')
    expect(
      mask(data, 'train', 0)
        .slice(0, 2)
        .map((row) => row.slice(0, 3)),
    ).toEqual([
      [0, 1, 18],
      [255, 255, 255],
    ])
    expect(mask(data, 'test', 0)[0]!.slice(0, 3)).toEqual([2, 13, 10])
    expect(
      (await refusal({ ...files, 'gtFine/val/koeln/koeln_0_gtFine_labelIds.png': await greyPng([11, 40, 23, 1, 2, 3], 3) })).code,
    ).toBe('bad-image')
  })

  test.each<[string, Files, string, RegExp]>([
    ['an image without a mask', without(camvid, 'trainannot/a_004.png'), 'unpaired-labels', /a_004/],
    ['a mask without an image', without(camvid, 'train/a_004.jpg', 'train/a_004.png'), 'unpaired-labels', /trainannot.a_004/],
    ['a class without a name', { ...camvid, 'valannot/b_1.png': unknownClass }, 'bad-image', /valannot.b_1/],
    ['a mask in colour', { ...camvid, 'trainannot/a_007.png': inColour }, 'bad-image', /trainannot.a_007/],
    ['a mask of another size than its image', { ...camvid, 'trainannot/a_007.png': otherSize }, 'bad-image', /trainannot.a_007/],
    ['no val', without(camvid, 'val/b_1.png'), 'empty-split', /val/],
  ])('refuses %s', async (_, files, code, says) => {
    expect(await refusal(files)).toMatchObject({ code, message: expect.stringMatching(says) })
  })
})

describe('decoding on demand', () => {
  const memoryBytes = 5 * 4 * 6 * 3 // five images

  test('gives what decoding at once gives, in any order, asked for ahead or not', async () => {
    const [all, some] = [await opened(tree, { size: [4, 6] }), await opened(tree, { size: [4, 6], memoryBytes })]
    const { train } = some.splits
    const order = Array.from({ length: 200 }, (_, i) => bits(key(1, 'test'), i) % train.count)
    for (const [at, i] of order.entries()) {
      if (at % 7 === 0) train.ahead!(order.slice(at, at + 9))
      expect(image(some, 'train', i)).toEqual(image(all, 'train', i))
    }
    expect([...train.labels]).toEqual([...all.splits.train.labels])
  })

  test('the digest is of the files then, and follows each byte and label', async () => {
    const digest = async (files: Files) => (await opened(files, { size: [4, 6], memoryBytes })).splits.train.digest
    const whole = await digest(tree)
    expect(await digest(tree)).toBe(whole)
    expect(await digest({ ...tree, 'train/cat/3.png': tree['train/cat/4.png']! })).not.toBe(whole)
  })

  test('a corrupt image is named when it is read, again and again; others are still read', async () => {
    const data = await opened({ ...tree, 'train/cat/9.png': 'not a png' }, { size: [4, 6], memoryBytes: 72 })
    const places = (['train', 'validation'] as const).flatMap((split) =>
      Array.from({ length: data.splits[split].count }, (_, i) => [split, i] as const),
    )
    const failures = [1, 2].map(() =>
      places.filter(([split, i]) => {
        try {
          image(data, split, i)
          return false
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-image', message: expect.stringMatching(/cat.9\.png/) })
          return true
        }
      }),
    )
    expect(failures[0]!.length).toBe(1)
    expect(failures[1]).toEqual(failures[0])
  })

  test('the caller may allow it or not, whatever dataset.json says', async () => {
    const files = { ...tree, 'train/cat/9.png': 'not a png', 'dataset.json': '{"size":[4,6]}' }
    await expect(opened(files)).rejects.toMatchObject({ code: 'bad-image', hint: expect.stringContaining('--skip-corrupt') })
    expect((await opened(files, { skipCorrupt: true })).skipped).toHaveLength(1)
    const allowed = { ...files, 'dataset.json': '{"size":[4,6],"skipCorrupt":true}' }
    await expect(opened(allowed, { skipCorrupt: false })).rejects.toMatchObject({ code: 'bad-image' })
  })

  test.each([undefined, memoryBytes])('with skipCorrupt it is left out and named (memory %s)', async (bytes) => {
    const files = { ...tree, 'train/cat/9.png': 'not a png', 'dataset.json': '{"skipCorrupt":true,"size":[4,6]}' }
    const data = await opened(files, bytes ? { memoryBytes: bytes } : {})
    expect(data.skipped!.map((path) => path.split(/[\\/]/).slice(-3).join('/'))).toEqual(['train/cat/9.png'])
    const reds = (['train', 'validation'] as const).flatMap((s) =>
      Array.from({ length: data.splits[s].count }, (_, i) => image(data, s, i)[0]!),
    )
    expect(reds.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => (i < 20 ? i : i + 80)).filter((red) => red !== 9))
  })
})

const driving = fileURLToPath(new URL('../../shared/data/camvid', import.meta.url))
test.skipIf(!existsSync(driving))('reads CamVid with its masks (skipped without ../shared/data/camvid)', async () => {
  const data = await openDataSet(driving, { seed: 1, memoryBytes: 2 ** 22 })
  expect(splitNames.map((name) => data.splits[name].count)).toEqual([323, 44, 101])
  expect(data.splits.train.shape).toEqual([184, 240, 3])
  const rows = mask(data, 'test', 50)
  expect(
    rows
      .slice(180)
      .flat()
      .every((c) => c === 255),
  ).toBe(true)
  const seen = new Set(rows.slice(0, 180).flat())
  for (const c of [0, 1, 3]) expect(seen).toContain(c) // sky, building, road
  expect([...seen].every((c) => c < 11 || c === 255)).toBe(true)
})
