/** Data sets in the files in which they are distributed: IDX, NumPy arrays, CIFAR-10 and CIFAR-100. */
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { splitNames } from '../src/data/define.ts'
import { type NpyArray, type NpyKind, writeNpy } from '../src/npy.ts'
import { type Files, image, opened, record, records, refusal, without } from './support/data-folders.ts'

/** An IDX file: the sizes, then bytes. */
const idxFile = (dims: readonly number[], data: Uint8Array) => {
  const head = Buffer.from([0, 0, 8, dims.length, ...dims.flatMap((d) => [d >>> 24, (d >>> 16) & 255, (d >>> 8) & 255, d & 255])])
  return Buffer.concat([head, data])
}
const ramp = (length: number, from = 0) => Uint8Array.from({ length }, (_, i) => from + i)
const mnist: Files = {
  'train-images-idx3-ubyte.gz': gzipSync(idxFile([40, 2, 3], ramp(240))),
  'train-labels-idx1-ubyte': idxFile(
    [40],
    ramp(40).map((i) => i % 3),
  ),
  't10k-images.idx3-ubyte': idxFile([2, 2, 3], ramp(12, 100)),
  't10k-labels.idx1-ubyte': idxFile([2], Uint8Array.of(2, 0)),
}

describe('idx', () => {
  test('reads grey images, holds some back, names classes by number', async () => {
    const data = await opened(mnist)
    expect([data.classes, data.splits.test.shape]).toEqual([
      ['0', '1', '2'],
      [2, 3, 1],
    ])
    expect([...image(data, 'test', 1)]).toEqual([106, 107, 108, 109, 110, 111])
    expect([...data.splits.test.labels]).toEqual([2, 0])
    const { train, validation } = data.splits
    expect(train.count + validation.count).toBe(40)
    expect(validation.count).toBeGreaterThan(0)
    const firsts = (['train', 'validation'] as const).map((s) =>
      Array.from({ length: data.splits[s].count }, (_, i) => image(data, s, i)[0]!),
    )
    expect(firsts.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => (6 * i) % 256).sort((a, b) => a - b))
    expect(firsts[1]!.map((first) => (first / 6) % 3)).toEqual([...validation.labels])
    expect((await opened(mnist, { seed: 2 })).splits.validation.digest).not.toBe(validation.digest)
  })

  test.each<[string, Files, string]>([
    ['labels that do not pair', { ...mnist, 'train-labels-idx1-ubyte': idxFile([39], ramp(39)) }, 'unpaired-labels'],
    ['a file cut short', { ...mnist, 'train-images-idx3-ubyte.gz': gzipSync(idxFile([40, 2, 3], ramp(239))) }, 'truncated-data'],
    ['a head cut short', { ...mnist, 't10k-images.idx3-ubyte': Uint8Array.of(0, 0, 8, 3, 0) }, 'truncated-data'],
    ['floats', { ...mnist, 't10k-images.idx3-ubyte': Uint8Array.of(0, 0, 13, 3, 0) }, 'bad-idx'],
    ['missing labels', without(mnist, 't10k-labels.idx1-ubyte'), 'missing-data-file'],
    ['a label without a name', { ...mnist, 'labels.txt': 'zero\none' }, 'label-out-of-range'],
    ['a class without an image', { ...mnist, 'labels.txt': 'zero\none\ntwo\nthree' }, 'empty-class'],
  ])('refuses %s', async (_, files, code) => {
    expect((await refusal(files)).code).toBe(code)
  })
})

const npy = (kind: NpyKind, shape: readonly number[], data: NpyArray['data']) => writeNpy({ kind, shape, data })
const arrays: Files = {
  'train_images.npy': npy('|u1', [4, 1, 2, 3], ramp(24)),
  'train_labels.npy': npy('<i8', [4, 1], BigInt64Array.of(0n, 1n, 0n, 1n)),
  'validation_images.npy': npy('|u1', [1, 1, 2, 3], ramp(6, 50)),
  'validation_labels.npy': npy('|u1', [1], Uint8Array.of(1)),
  'test_images.npy': npy('|u1', [1, 1, 2, 3], ramp(6, 90)),
  'test_labels.npy': npy('<i4', [1], Int32Array.of(1)),
}

describe('npy', () => {
  test('reads pairs of arrays, labels of any whole type', async () => {
    const data = await opened(arrays)
    expect(splitNames.map((name) => [...data.splits[name].labels])).toEqual([[0, 1, 0, 1], [1], [1]])
    expect([...image(data, 'train', 2)]).toEqual([12, 13, 14, 15, 16, 17])
    expect([...image(data, 'test', 0)]).toEqual([90, 91, 92, 93, 94, 95])
  })

  test.each<[string, Files, string]>([
    ['floats', { ...arrays, 'train_images.npy': npy('<f4', [4, 1, 2, 3], new Float32Array(24)) }, 'bad-images'],
    ['channels first', { ...arrays, 'train_images.npy': npy('|u1', [4, 3, 1, 2], ramp(24)) }, 'bad-images'],
    ['test images of another size', { ...arrays, 'test_images.npy': npy('|u1', [1, 2, 1, 3], ramp(6)) }, 'bad-images'],
    ['one-hot labels', { ...arrays, 'train_labels.npy': npy('|u1', [4, 2], ramp(8)) }, 'bad-labels'],
    ['half labels', { ...arrays, 'train_labels.npy': npy('<f4', [4], Float32Array.of(0, 0.5, 1, 1)) }, 'bad-labels'],
    ['a negative label', { ...arrays, 'train_labels.npy': npy('<i4', [4], Int32Array.of(0, -1, 1, 1)) }, 'label-out-of-range'],
    [
      'a label beyond all reason',
      { ...arrays, 'train_labels.npy': npy('<i4', [4], Int32Array.of(0, 1, 2 ** 30, 1)) },
      'label-out-of-range',
    ],
    ['labels that do not pair', { ...arrays, 'train_labels.npy': npy('|u1', [3], ramp(3)) }, 'unpaired-labels'],
    ['no array', { ...arrays, 'test_labels.npy': 'x' }, 'bad-npy'],
  ])('refuses %s', async (_, files, code) => {
    expect((await refusal(files)).code).toBe(code)
  })
})

const batch = (from: number) =>
  records(
    Array.from({ length: 8 }, (_, i) => i % 2),
    from,
  )
const cifar10: Files = {
  'batches.meta.txt': 'ant\nbee\n\n',
  ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`data_batch_${n}.bin`, batch(100 * n)])),
  'test_batch.bin': records([1, 0], 900),
}
/** CIFAR-100's: a coarse label of two, a fine one of four. */
const twice = (fine: readonly number[], seed: number) =>
  Buffer.concat(fine.map((label, i) => Buffer.concat([Buffer.of(label >> 1), record(label, seed + i)])))
const cifar100: Files = {
  'fine_label_names.txt': 'ant\nbee\ncar\nbus\n',
  'coarse_label_names.txt': 'insect\nvehicle\n',
  'train.bin': twice(
    Array.from({ length: 32 }, (_, i) => i % 4),
    0,
  ),
  'test.bin': twice([3, 0], 50),
}

describe('CIFAR as distributed', () => {
  test('five batches are one split, of which some are held back', async () => {
    const data = await opened(cifar10)
    expect(data.mirrors).toBe(true)
    expect(data.splits.train.count + data.splits.validation.count).toBe(40)
    expect([...data.splits.test.labels]).toEqual([1, 0])
    const planes = record(0, 901).subarray(1)
    expect([...image(data, 'test', 1).subarray(0, 3)]).toEqual([planes[0], planes[1024], planes[2048]])
    expect((await refusal({ ...cifar10, 'data_batch_4.bin': batch(0).subarray(1) })).message).toContain('data_batch_4.bin')
    expect((await refusal(without(cifar10, 'data_batch_3.bin'))).code).toBe('missing-data-file')
  })

  test('fine labels count, or coarse ones', async () => {
    const [fine, coarse] = [await opened(cifar100), await opened({ ...cifar100, 'dataset.json': '{"labels":"coarse"}' })]
    expect([fine.classes.length, coarse.classes]).toEqual([4, ['insect', 'vehicle']])
    expect([[...fine.splits.test.labels], [...coarse.splits.test.labels]]).toEqual([
      [3, 0],
      [1, 0],
    ])
    expect(image(fine, 'test', 0)).toEqual(image(coarse, 'test', 0))
    expect([image(fine, 'test', 0)[0], image(fine, 'test', 0)[1]]).toEqual([record(3, 50)[1], record(3, 50)[1025]])
  })
})
