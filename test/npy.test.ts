/** NumPy array files, round trip and refusals. */
import { expect, test } from 'vitest'
import { type NpyArray, readNpy, writeNpy } from '../src/npy.ts'

const arrays: NpyArray[] = [
  { kind: '|i1', shape: [2, 3], data: Int8Array.of(1, -2, 3, -128, 127, 0) },
  { kind: '<f4', shape: [3], data: Float32Array.of(0.5, -1, 1e20) },
  { kind: '<i8', shape: [], data: BigInt64Array.of(-5n) },
]

test.each(arrays)('round trip of $kind $shape', (array) => {
  expect(readNpy(writeNpy(array), 'a.npy')).toEqual(array)
})

test('the header is what numpy.save writes', () => {
  // numpy 2.4: numpy.save(f, numpy.array([[1, 2]], 'int8'))
  const bytes = writeNpy({ kind: '|i1', shape: [1, 2], data: Int8Array.of(1, 2) })
  expect(bytes.length).toBe(130)
  expect(new TextDecoder().decode(bytes.subarray(10, 128)).trimEnd()).toBe("{'descr': '|i1', 'fortran_order': False, 'shape': (1, 2), }")
})

test.each([
  ['empty', new Uint8Array()],
  ['cut', writeNpy(arrays[0]!).subarray(0, 131)],
  ['another file', new TextEncoder().encode('hello, this is a text file')],
])('refuses %s', (_, bytes) => {
  expect(() => readNpy(bytes, 'x')).toThrow(expect.objectContaining({ code: 'bad-npy' }))
})
