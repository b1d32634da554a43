/** exp, logistic, tanh and the reciprocal in 32-bit fixed point, bit-exact to gemmlowp's. Q(n) is a number with n integer bits. */
import { highMultiply, roundingShift } from './requantise.ts'

const MAX = 0x7fffffff
const MIN = -0x80000000

/** x times 2^exponent, saturating (exponent above zero). */
export const shiftLeft = (x: number, exponent: number): number => Math.min(MAX, Math.max(MIN, x * 2 ** exponent))

/** gemmlowp's product, with the one case that saturates. */
export const times = (a: number, b: number): number => (a === MIN && b === MIN ? MAX : highMultiply(a, b))

/** exp of a Q0 number in [-1/4, 0): the Taylor series around -1/8 up to the fourth power. */
function expNearZero(a: number): number {
  const x = a + (1 << 28)
  const x2 = times(x, x)
  const x3 = times(x2, x)
  const x4 = times(x2, x2)
  const tail = roundingShift(times(roundingShift(x4, 2) + x3, 715827883) + x2, 1)
  return (1895147668 + times(1895147668, x + tail)) | 0
}

/** exp(-2^e) in Q0 for e = -2 … 4. */
const powers = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242]

/** exp of a Q(`integerBits`) number not above zero, in Q0; up to 5 integer bits. */
export function expOfNegative(a: number, integerBits: number): number {
  if (a === 0) return MAX
  const fractionalBits = 31 - integerBits
  const quarter = 1 << (fractionalBits - 2)
  const modulo = (a & (quarter - 1)) - quarter
  let result = expNearZero(modulo * 2 ** integerBits)
  const remainder = (modulo - a) | 0
  for (let e = -2; e < integerBits; e++) if (remainder & (1 << (fractionalBits + e))) result = times(result, powers[e + 2]!)
  return result
}

/** Newton's iteration towards 2 / (1 + a) for a Q0 number in [0, 1): the result is in Q2. */
function twiceReciprocal(a: number): number {
  const half = Math.trunc((a + MAX + 1) / 2)
  let x = 1515870810 + times(half, -1010580540)
  for (let i = 0; i < 3; i++) x = (x + shiftLeft(times(x, (1 << 29) - times(half, x)), 2)) | 0
  return x
}

/** 1 / (1 + a) for a Q0 number in [0, 1), in Q0. */
export const reciprocal = (a: number): number => shiftLeft(twiceReciprocal(a), 1)

/** 1 / (1 + exp(-a)) of a Q(`integerBits`) number, in Q0. */
export function logisticOf(a: number, integerBits: number): number {
  if (a === 0) return 1 << 30
  const positive = reciprocal(expOfNegative(-Math.abs(a), integerBits))
  return a > 0 ? positive : MAX - positive
}

/** tanh of a Q(`integerBits`) number, in Q0. */
export function tanhOf(a: number, integerBits: number): number {
  if (a === 0) return 0
  const magnitude = shiftLeft(twiceReciprocal(expOfNegative(-Math.abs(a), integerBits + 1)) - (1 << 29), 2)
  return a > 0 ? magnitude : -magnitude
}
