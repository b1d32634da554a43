/** Fixed-point roots and logarithms, 64-bit rescaling and 16-bit tables, against exact arithmetic. */
import { expect, test } from 'vitest'
import { logOf } from '../src/graph/math/fixed-log.ts'
import { inverseRoot } from '../src/graph/math/inverse-root.ts'
import { key, uniform } from '../src/graph/math/random.ts'
import { multiplier, rescaleWide } from '../src/graph/math/requantise.ts'
import { table16 } from '../src/graph/ops/kit/table16.ts'

const stream = key(5, 'test', 1)

test('an inverse root is within 2^-17 of the real one, over all of int32', () => {
  for (let i = 0; i < 2000; i++) {
    const x = Math.floor(2 ** (1 + 30 * uniform(stream, i)))
    const { mantissa, shift } = inverseRoot(x)
    expect(Math.abs(mantissa * 2 ** (shift - 31) * Math.sqrt(x) - 1), `${x}`).toBeLessThan(2 ** -17)
  }
  expect(inverseRoot(0)).toEqual(inverseRoot(1))
})

test('a logarithm is within 2^-21 of the real one, from 1 to the largest', () => {
  for (let i = 0; i < 2000; i++) {
    const x = Math.floor(2 ** (19 + 12 * uniform(stream, 4000 + i)))
    expect(Math.abs(logOf(x, 12, 5) / 2 ** 26 - Math.log(x / 2 ** 19)), `${x}`).toBeLessThan(2 ** -21)
  }
  expect(logOf(2 ** 19, 12, 5)).toBeLessThan(2 ** 4)
})

test('a 64-bit sum is rescaled as in 64-bit integers, also where a double is too short', () => {
  for (let i = 0; i < 4000; i++) {
    const x = Math.round((uniform(stream, 9000 + i) - 0.5) * 2 ** (8 + 39 * uniform(stream, 20000 + i)))
    const { mantissa, shift } = multiplier(2 ** (-30 + 30 * uniform(stream, 30000 + i)))
    const short = BigInt(mantissa < 0x7fff0000 ? (mantissa + 0x8000) >> 16 : 0x7fff)
    const total = BigInt(15 - shift)
    const exact = BigInt.asIntN(32, (BigInt(x) * short + (1n << (total - 1n))) >> total)
    expect(rescaleWide(x, mantissa, shift), `${x} ${mantissa} ${shift}`).toBe(Number(exact))
  }
})

test('a 16-bit table holds its function, and the line between two entries is as far off in the middle as at its ends', () => {
  const [scaleX, scaleY] = [8 / 65536, 2 / 65536]
  const table = table16(scaleX, 0, scaleY, (x) => 1 / (1 + Math.exp(-x)))
  expect(table.length).toBe(513)
  for (let i = 0; i < 512; i += 7) {
    const real = (at: number) => 1 / (1 + Math.exp(-scaleX * (at * 128 - 32768))) / scaleY
    const end = table[i]! - real(i)
    const middle = (table[i]! + table[i + 1]!) / 2 - real(i + 0.5)
    expect(Math.abs(end + middle), `entry ${i}`).toBeLessThan(4)
  }
})
