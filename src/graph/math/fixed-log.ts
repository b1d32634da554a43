/** The natural logarithm of a fixed-point number, bit-exact to TFLite's: a power of two, and a rational function of what remains. */
import { reciprocal, shiftLeft, times } from './fixed-point.ts'
import { roundingShift } from './requantise.ts'

/** Q0 constants. */
const LOG_2 = 1488522236
const ROOT_OF_HALF = 1518500250
const FOURTH_ROOT_OF_HALF = 1805811301
/** Of the rational function: 11/240 r, 1/20 r, 2/r - r, 1/4 r, where r is the fourth root of 2. */
const [NUMERATOR, SQUARE, CONSTANT, LINEAR] = [117049297, 127690142, 1057819769, 638450708]

/** (a + b) / 2, halves away from zero. */
const halfSum = (a: number, b: number): number => Math.trunc((a + b + (a + b >= 0 ? 1 : -1)) / 2)

/** log of a Q(`integerBits`) number of at least 1, in Q(`outBits`). */
export function logOf(x: number, integerBits: number, outBits: number): number {
  const fraction = 31 - (outBits + 1) // one bit of headroom for the sum
  const quarter = 2 ** (fraction - 2)
  // Of two ways to make x a power of two times a rest near 1, the one with the smaller rest.
  const lead = Math.clz32(x)
  const restA = shiftLeft(times(shiftLeft(x, lead - 1), ROOT_OF_HALF), 1)
  const powerA = shiftLeft(integerBits - lead, fraction) + quarter
  const headroom = Math.clz32(times(x, ROOT_OF_HALF)) - 1
  const restB = shiftLeft(x, headroom)
  const powerB = shiftLeft(integerBits - headroom, fraction) - quarter
  const [rest, power] = [Math.min(restA, restB), Math.max(powerA, powerB)]

  const p = halfSum(rest, FOURTH_ROOT_OF_HALF)
  const q = (2 * (rest - FOURTH_ROOT_OF_HALF)) | 0
  const square = times(q, q)
  const numerator = (times(q, rest) + times(times(q, square), NUMERATOR)) | 0
  const denominator = (times(p, (CONSTANT + q + times(SQUARE, square)) | 0) + times(LINEAR, q)) | 0
  const tail = times(roundingShift(numerator, outBits + 1), reciprocal(denominator))
  return shiftLeft((times(power, LOG_2) + tail) | 0, 1)
}
