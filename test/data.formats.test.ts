/** Every data format on a good folder, and on each way in which a folder can be bad. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { type DataSet, splitNames } from '../src/data/define.ts'
import { dataFormats, openDataSet } from '../src/data/load.ts'
import { type Files, folder, image, opened, pngs, record, records, refusal, root, tree, without } from './support/data-folders.ts'

const cifar: Files = {
  'labels.txt': 'ant\nbee\n',
  'train.bin.gz': gzipSync(records([0, 1, 1])),
  'validation.bin': records([1], 10),
  'test.bin.gz': gzipSync(records([0, 1], 20)),
}

describe('cifar-records', () => {
  test('reads planar records, gzipped or not, as channels-last images', async () => {
    const data = await opened(cifar)
    expect(data.classes).toEqual(['ant', 'bee'])
    expect(splitNames.map((name) => [...data.splits[name].labels])).toEqual([[0, 1, 1], [1], [0, 1]])
    expect(data.splits.test.shape).toEqual([32, 32, 3])
    expect(data.mirrors).toBe(false)
    const [pixels, planes] = [image(data, 'test', 1), record(1, 21).subarray(1)]
    for (const pixel of [0, 1, 33, 1023])
      expect([...pixels.subarray(pixel * 3, pixel * 3 + 3)]).toEqual([0, 1, 2].map((c) => planes[c * 1024 + pixel]))
  })

  test('a digest follows every pixel and label', async () => {
    const digestOf = async (test: Uint8Array) => (await opened({ ...without(cifar, 'test.bin.gz'), 'test.bin': test })).splits.test.digest
    const [plain, flipped, relabelled] = [records([0, 1]), records([0, 1]), records([1, 1])]
    flipped[3073 + 500]! ^= 1
    expect(await digestOf(plain)).toBe(await digestOf(records([0, 1])))
    expect(new Set([await digestOf(plain), await digestOf(flipped), await digestOf(relabelled)]).size).toBe(3)
  })

  test('dataset.json says whether mirror images are allowed', async () => {
    expect((await opened({ ...cifar, 'dataset.json': '{"mirrors":true}' })).mirrors).toBe(true)
    for (const json of ['{"mirors":true}', '{', '{"mirrors":1}', '[]'])
      expect((await refusal({ ...cifar, 'dataset.json': json })).code).toBe('bad-dataset-json')
  })

  test.each<[string, Files, string]>([
    ['a missing split', without(cifar, 'test.bin.gz'), 'missing-data-file'],
    ['missing labels', without(cifar, 'labels.txt'), 'missing-labels'],
    ['a class named twice', { ...cifar, 'labels.txt': 'ant\nbee\nant\n' }, 'duplicate-labels'],
    ['an empty labels.txt', { ...cifar, 'labels.txt': '\n' }, 'bad-labels'],
    ['an empty line in labels.txt', { ...cifar, 'labels.txt': 'ant\n\nbee' }, 'bad-labels'],
    ['a label that has no name', { ...cifar, 'validation.bin': records([0, 2]) }, 'label-out-of-range'],
    ['an empty split', { ...cifar, 'validation.bin': '' }, 'empty-split'],
    ['an empty gzipped split', { ...cifar, 'train.bin.gz': gzipSync('') }, 'empty-split'],
    ['a record cut short', { ...cifar, 'validation.bin': records([0, 1]).subarray(0, 6000) }, 'bad-record-length'],
    ['a gzip cut short', { ...cifar, 'train.bin.gz': gzipSync(records([0, 1])).subarray(0, 900) }, 'truncated-data'],
    ['an empty gzip', { ...cifar, 'train.bin.gz': '' }, 'truncated-data'],
    ['a folder in the place of a file', { ...without(cifar, 'validation.bin'), 'validation.bin/x': '' }, 'unreadable-data'],
    ['no gzip at all', { ...cifar, 'train.bin.gz': 'not a gzip file' }, 'corrupt-data'],
  ])('refuses %s', async (_, files, code) => {
    expect((await refusal(files)).code).toBe(code)
  })
})

/** A JPEG with enough in it to be cut in the middle. */
const noisy = await sharp(records([0, 0]).subarray(0, 6144), { raw: { width: 64, height: 32, channels: 3 } })
  .jpeg()
  .toBuffer()

describe('image-folder', () => {
  test('reads PNG and JPEG at the size asked for', async () => {
    const data = await opened(tree, { size: [4, 6] })
    expect(data.classes).toEqual(['cat', 'dog'])
    expect([...data.splits.test.labels]).toEqual([0, 1, 1])
    expect(data.splits.test.shape).toEqual([4, 6, 3])
    expect([...image(data, 'test', 2).subarray(0, 3)]).toEqual([201, 10, 200])
    for (const [c, value] of [40, 10, 200].entries()) expect(Math.abs(image(data, 'test', 0)[c]! - value)).toBeLessThan(4)
    expect((await opened({ ...tree, 'dataset.json': '{"size":[8,5]}' })).splits.train.shape).toEqual([8, 5, 3])
  })

  test('holds back a validation split that other files do not move', async () => {
    const reds = (data: DataSet, split: 'train' | 'validation') =>
      Array.from({ length: data.splits[split].count }, (_, i) => image(data, split, i)[0]!)
    const [data, fewer, other] = [await opened(tree), await opened(without(tree, 'train/cat/3.png')), await opened(tree, { seed: 2 })]
    const held = reds(data, 'validation')
    expect(held.length).toBeGreaterThan(0)
    expect([...held, ...reds(data, 'train')].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => (i < 20 ? i : i + 80)))
    expect(reds(fewer, 'validation')).toEqual(held.filter((red) => red !== 3))
    expect(reds(other, 'validation')).not.toEqual(held)
  })

  test('a validation folder is used where there is one', async () => {
    const data = await opened({ ...tree, ...(await pngs('validation', 'dog', 3, 50)) })
    expect([data.splits.train.count, data.splits.validation.count]).toEqual([40, 3])
    expect([...data.splits.validation.labels]).toEqual([1, 1, 1])
  })

  test('turns images as their EXIF says, and drops transparency', async () => {
    const sides = Buffer.from([255, 0, 0, 0, 0, 255])
    const turned = await sharp(sides, { raw: { width: 2, height: 1, channels: 3 } })
      .withMetadata({ orientation: 3 })
      .png()
      .toBuffer()
    const clear = await sharp({ create: { width: 2, height: 1, channels: 4, background: { r: 9, g: 9, b: 9, alpha: 1 } } })
      .png()
      .toBuffer()
    const data = await opened({ ...tree, 'test/cat/a.png': turned, 'test/cat/b.png': clear }, { size: [1, 2] })
    expect([...image(data, 'test', 0)]).toEqual([0, 0, 255, 255, 0, 0])
    expect([...image(data, 'test', 1)]).toEqual([9, 9, 9, 9, 9, 9])
  })

  test.each<[string, Files, string]>([
    ['no test images', without(tree, 'test/dog/0.png', 'test/dog/1.png', 'test/cat/wide.jpg'), 'empty-split'],
    ['a class that train lacks', { ...tree, 'test/cow/0.png': 'x' }, 'unknown-class'],
    ['one class', { 'train/cat/0.png': 'x', 'test/cat/0.png': 'x' }, 'too-few-classes'],
    ['a broken image', { ...tree, 'train/cat/9.png': 'not a png' }, 'bad-image'],
    ['a truncated image', { ...tree, 'test/cat/wide.jpg': noisy.subarray(0, noisy.length / 2) }, 'bad-image'],
  ])('refuses %s', async (_, files, code) => {
    expect((await refusal(files)).code).toBe(code)
  })
})

describe('openDataSet', () => {
  test('lists the formats when none fits', async () => {
    for (const source of [folder({ 'notes.txt': '' }), join(root, 'nowhere'), 'roadsign', '']) {
      const error = await openDataSet(source, { seed: 1 }).catch((e) => e)
      expect(error).toMatchObject({ code: 'unknown-data', exitCode: 2 })
      for (const { name } of dataFormats) expect(error.expected).toContain(name)
    }
  })
})

const gtsrb = fileURLToPath(new URL('../../shared/data/gtsrb', import.meta.url))
test.skipIf(!existsSync(gtsrb))('reads the German traffic signs (skipped without ../shared/data/gtsrb)', async () => {
  const data = await openDataSet(gtsrb, { seed: 1 })
  expect(data.name).toBe('gtsrb')
  expect(data.classes.length).toBe(43)
  expect(splitNames.map((name) => data.splits[name].count)).toEqual([10450, 2610, 6315])
  expect(new Set(data.splits.test.labels).size).toBe(43)
})
