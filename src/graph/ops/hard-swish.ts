/** HARD_SWISH: x relu6(x + 3) / 6; in int8 by 16-bit fixed point, saturating as the reference does. */
import { multiplier, roundingShift } from '../math/requantise.ts'
import { activation, defineOp } from './define.ts'
import { scaleOf, zeroOf } from './kit/scale.ts'
import { each, lookUp } from './kit/unary.ts'

export const hardSwish = defineOp({
  name: 'hard-swish',
  tflite: { code: 117, options: 91, version: () => 1 },
  attrs: {},
  family: 'lut',
  roles: { in: [activation], out: [activation] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: () => ({}),
  float: () => each((x) => (x * Math.min(6, Math.max(0, x + 3))) / 6),
  int8: (_, [x], [y]) => {
    const fine = Math.fround(scaleOf(x) / 128)
    const out = multiplier(Math.fround(fine / scaleOf(y)))
    if (out.shift > 0) throw new Error('its output scale is less than 1/128 of its input scale, which no reference kernel computes')
    const inner = multiplier(Math.fround(fine / Math.fround(3 / 32768)))
    const [outMantissa, innerMantissa] = [narrow(out.mantissa), narrow(inner.mantissa)]
    return lookUp(y, (q) => {
      const value = (q - zeroOf(x)) * 128
      const unshifted = high(value, outMantissa)
      let gate = value
      if (inner.shift > 0) gate = saturate(gate * 2 ** (inner.shift - 1))
      gate = high(gate, innerMantissa)
      if (inner.shift > 0) gate = saturate(gate * 2)
      if (inner.shift < 0) gate = roundingShift(gate, -inner.shift)
      gate = (gate + 32768) >> 1
      return roundingShift(Math.trunc((gate * unshifted) / 32768), -out.shift) + zeroOf(y)
    })
  },
  examples: [{ shapes: [[1, 4, 4, 8]] }, { shapes: [[2, 64]] }],
})

const saturate = (x: number): number => Math.min(32767, Math.max(-32768, x))

/** A 31-bit mantissa in 15 bits. */
const narrow = (mantissa: number): number => (mantissa >= 0x7fff7fff ? 32767 : (mantissa + 0x8000) >> 16)

/** The rounded high half of twice a 16-bit product. */
const high = (a: number, b: number): number => Math.trunc((a * b + (a * b >= 0 ? 16384 : -16383)) / 32768)
