/** The draws of stochastic ensembles, as the kernels make them: their share, and that layers, steps, seeds and elements do not know of one another. */
import { describe, expect, it } from 'vitest'
import { drawKey, drawRelu, threshold } from '../src/training/pea/draw.ts'
import { Bench, memory } from './support/kernel-bench.ts'

const n = 40_000
const below = new Float32Array(n).fill(-1)

/** 1 where the kernel took ReLU: x = -1 becomes 0 under ReLU, and Mish of it elsewhere; no room for a third answer. */
function drawn(alpha: number, stream: number, step: number, seed: number): Uint8Array {
  const bench = new Bench()
  const state = bench.room(4)
  const view = new DataView(memory.buffer)
  view.setFloat32(state.address, alpha, true)
  view.setInt32(state.address + 4, threshold(alpha), true)
  view.setInt32(state.address + 8, drawKey(seed, stream, step), true)
  const [x, y, slopes] = [bench.put(below), bench.room(n), bench.room(n)]
  bench.call('activate', 4, 2, Number.POSITIVE_INFINITY, 1, state, x, y, slopes, 0, n)
  const answers = bench.read(y)
  const took = Uint8Array.from(answers, (v) => (v === 0 ? 1 : 0))
  expect(took.every((relu, i) => relu || Math.abs(answers[i]! + 0.30340146) < 1e-6)).toBe(true)
  const slope = bench.read(slopes)
  // The same draw in the gradient: ReLU is flat there, Mish is not.
  expect(took.every((relu, i) => (relu ? slope[i] === 0 : Math.abs(slope[i]! - 0.05921676) < 1e-6))).toBe(true)
  return took
}

const count = (bits: Uint8Array) => bits.reduce((sum, b) => sum + b, 0)

describe.each([0.001, 0.1, 0.25, 0.5, 0.9, 0.999])('alpha %d', (alpha) => {
  it('is the share of ReLU to within 4 sigma, over steps, layers and seeds, and is what the contract draws', () => {
    let sum = 0
    for (const [stream, step, seed] of [
      [0, 0, 0],
      [0, 1, 0],
      [3, 1, 0],
      [7, 1000, 5],
      [1, 2, 4_000_000_000],
    ] as const) {
      // biome-ignore format: a table
      const bits = drawn(alpha, stream, step, seed)
      expect(Buffer.compare(bits, drawRelu(drawKey(seed, stream, step), alpha, n))).toBe(0)
      const sigma = Math.sqrt(n * alpha * (1 - alpha))
      expect(Math.abs(count(bits) - n * alpha)).toBeLessThan(4 * sigma)
      sum += count(bits)
    }
    expect(Math.abs(sum - 5 * n * alpha)).toBeLessThan(4 * Math.sqrt(5 * n * alpha * (1 - alpha)))
  })
})

/** Pearson's chi-square of two lists of draws being independent: one degree of freedom. */
function chiSquare(a: Uint8Array, b: Uint8Array): number {
  const cells = [0, 0, 0, 0]
  for (let i = 0; i < a.length; i++) cells[2 * a[i]! + b[i]!]!++
  const [ones, others] = [count(a), count(b)]
  return [0, 1, 2, 3].reduce((sum, cell) => {
    const expected = ((cell >> 1 ? ones : a.length - ones) * (cell & 1 ? others : b.length - others)) / a.length
    return sum + (cells[cell]! - expected) ** 2 / expected
  }, 0)
}

/** No pair beyond what one in a hundred thousand reaches, and their sum within 4 sigma of what a sum of so many is: neither tied nor too even. */
function expectIndependent(pairs: readonly (readonly [Uint8Array, Uint8Array])[]): void {
  const found = pairs.map(([a, b]) => chiSquare(a, b))
  expect(Math.max(...found)).toBeLessThan(19.5)
  expect(Math.abs(found.reduce((a, b) => a + b) - found.length)).toBeLessThan(4 * Math.sqrt(2 * found.length))
}
const allPairs = (lists: readonly Uint8Array[]) => lists.flatMap((a, i) => lists.slice(i + 1).map((b) => [a, b] as const))

describe('draws are independent (chi-square)', () => {
  const eight = [0, 1, 2, 3, 4, 5, 6, 7]
  it('across layers', () => expectIndependent(allPairs(eight.map((stream) => drawn(0.5, stream, 3, 1)))))
  it('across steps', () => expectIndependent(allPairs(eight.map((step) => drawn(0.3, 2, step, 1)))))
  it('across seeds', () => expectIndependent(allPairs(eight.map((seed) => drawn(0.6, 2, 3, seed)))))
  it('across layer and step together: the next layer at this step, this layer at the next', () =>
    expectIndependent(eight.map((i) => [drawn(0.5, i + 1, i, 1), drawn(0.5, i, i + 1, 1)])))
  it('between elements of one draw, whatever their distance', () => {
    const bits = drawn(0.5, 1, 1, 1)
    expectIndependent([1, 2, 3, 4, 7, 8, 16, 64, 256, 1024, 4096].map((lag) => [bits.subarray(lag), bits.subarray(0, n - lag)]))
  })
})

it('a fresh draw each step: two steps agree on no more elements than chance has it', () => {
  const [a, b] = [drawn(0.5, 0, 10, 1), drawn(0.5, 0, 11, 1)]
  const same = a.reduce((sum, bit, i) => sum + (bit === b[i] ? 1 : 0), 0)
  expect(Math.abs(same - n / 2)).toBeLessThan(4 * Math.sqrt(n / 4))
  expect(Buffer.compare(drawn(0.5, 0, 10, 1), a)).toBe(0)
})
