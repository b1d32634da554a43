/** Real multipliers in 31-bit fixed point, bit-exact to TFLite's QuantizeMultiplier and MultiplyByQuantizedMultiplier. */

/** real = mantissa x 2^(shift - 31); the mantissa is 0 or in [2^30, 2^31). */
export type Multiplier = { readonly mantissa: number; readonly shift: number }

const word = new Float64Array(1)
const halves = new Uint32Array(word.buffer)

/** value = fraction x 2^exponent with the fraction in [0.5, 1), as C's frexp; for finite values above the denormals. */
function frexp(value: number): { fraction: number; exponent: number } {
  word[0] = value
  const exponent = ((halves[1]! >>> 20) & 0x7ff) - 1022
  halves[1] = (halves[1]! & 0x800fffff) | 0x3fe00000
  return { fraction: word[0]!, exponent }
}

/** The multiplier nearest to a real number that is not negative; one too small for 31 shifts becomes zero. */
export function multiplier(real: number): Multiplier {
  if (real < 2 ** -1000) return { mantissa: 0, shift: 0 }
  const { fraction, exponent } = frexp(real)
  const mantissa = Math.round(fraction * 2 ** 31)
  if (exponent < -31) return { mantissa: 0, shift: 0 }
  return mantissa === 2 ** 31 ? { mantissa: 2 ** 30, shift: exponent + 1 } : { mantissa, shift: exponent }
}

/** Many multipliers as two arrays, for kernels with one for each channel. */
export function multipliers(reals: readonly number[]): { mantissa: Int32Array; shift: Int32Array } {
  const all = reals.map(multiplier)
  return { mantissa: Int32Array.from(all, (m) => m.mantissa), shift: Int32Array.from(all, (m) => m.shift) }
}

/**
 * floor((a b + 2^30) / 2^31) of two int32: gemmlowp's saturating rounding doubling high multiply without its one saturating case
 * (both -2^31), which no mantissa reaches. A product below 2^52 is exact in a double; a larger one is split at 16 bits.
 */
export function highMultiply(a: number, b: number): number {
  const product = a * b
  if (product < 4503599627370496 && product > -4503599627370496) return Math.floor((product + 1073741824) * 4.656612873077393e-10)
  return Math.floor((a * (b >> 16) + Math.floor((a * (b & 0xffff) + 1073741824) * 1.52587890625e-5)) * 3.0517578125e-5)
}

/** x / 2^exponent rounded to nearest, halves away from zero (gemmlowp's RoundingDivideByPOT). */
export function roundingShift(x: number, exponent: number): number {
  const mask = ~(-1 << exponent)
  return (x >> exponent) + ((x & mask) > (mask >> 1) + (x >>> 31) ? 1 : 0)
}

/** x times the multiplier, rounded twice: what TFLM does everywhere, and LiteRT's reference kernels outside FULLY_CONNECTED. */
export function rescale(x: number, mantissa: number, shift: number): number {
  if (shift > 0) return highMultiply(x << shift, mantissa)
  return roundingShift(highMultiply(x, mantissa), -shift)
}

/** x times the multiplier, rounded once: floor(x mantissa / 2^(31 - shift) + 1/2). */
export function rescaleOnce(x: number, mantissa: number, shift: number): number {
  const total = 31 - shift
  const product = x * mantissa
  if (total <= 52 && product < 4503599627370496 && product > -4503599627370496) return Math.floor((product + 2 ** (total - 1)) / 2 ** total)
  const high = x * (mantissa >> 16) + Math.floor((x * (mantissa & 0xffff)) / 65536)
  return Math.floor((high + 2 ** (total - 17)) / 2 ** (total - 16))
}

/** x times the multiplier in float32, rounded to nearest, halves to even: XNNPACK's `fp32` requantisation by a magic bias. */
export function rescaleFloat(x: number, mantissa: number, shift: number): number {
  const product = Math.fround(Math.fround(x) * Math.fround(mantissa * 2 ** (shift - 31)))
  const low = Math.floor(product)
  const over = product - low
  return over > 0.5 || (over === 0.5 && low % 2 !== 0) ? low + 1 : low
}

/**
 * A 64-bit sum times the multiplier cut to 15 bits, rounded once: what both references do to 16-bit activations. A product below
 * 2^52 is exact in a double.
 */
export function rescaleWide(x: number, mantissa: number, shift: number): number {
  const short = mantissa < 0x7fff0000 ? (mantissa + 0x8000) >> 16 : 0x7fff
  const [total, product] = [15 - shift, x * short]
  if (total <= 52 && product < 4503599627370496 && product > -4503599627370496)
    return Math.floor((product + 2 ** (total - 1)) / 2 ** total) | 0
  return Number(BigInt.asIntN(32, (BigInt(x) * BigInt(short) + (1n << BigInt(total - 1))) >> BigInt(total)))
}

/** Rounds a float32 to nearest, halves away from zero, as C's roundf. */
export const roundAway = (x: number): number => (x < 0 ? -Math.floor(0.5 - x) : Math.floor(x + 0.5))
