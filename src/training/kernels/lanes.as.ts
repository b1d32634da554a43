/**
 * Four floats at a time. Loads may read up to 12 bytes past a row whose channels are no multiple of 4 (the lanes are
 * thrown away), stores never write past it: so every memory that kernels see ends with 16 bytes of slack.
 */

import { e1, e2, e3, e4, e5, log2e, lowest, magic, unit } from './constants.as'

@inline
export function some(p: usize, v: v128, lanes: i32): void {
  if (lanes >= 4) {
    v128.store(p, v)
    return
  }
  f32.store(p, f32x4.extract_lane(v, 0))
  if (lanes > 1) f32.store(p + 4, f32x4.extract_lane(v, 1))
  if (lanes > 2) f32.store(p + 8, f32x4.extract_lane(v, 2))
}

@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c)
}

/**
 * The larger and smaller of two, by the one-instruction forms: with x first a NaN in x stays. WebAssembly's plain minimum
 * and maximum take eight instructions each on x86 (measured: 36 ms against 9 for the Mish of one MobileNet step).
 */
@inline
export function atLeast(x: v128, low: v128): v128 {
  return f32x4.pmax(x, low)
}

@inline
export function atMost(x: v128, high: v128): v128 {
  return f32x4.pmin(x, high)
}

/**
 * 2^t for t up to 126.9: t = n + f, a polynomial for 2^f, n added to its exponent. Adding 1.5 * 2^23 rounds to n and leaves n in the
 * low bits; the shift into the exponent drops the rest. The constants (constants.as.ts) are the caller's locals, read before its loop:
 * registers hold them (measured: 0.8 of the time for Mish). In pairs (Estrin): a shorter chain to wait for than Horner's.
 */
@inline
export function powerBy(given: v128, low: v128, big: v128, c4: v128, c3: v128, c2: v128, c1: v128, c0: v128): v128 {
  const t = atLeast(given, low)
  const n = f32x4.add(t, big)
  const f = f32x4.sub(t, f32x4.sub(n, big))
  const square = f32x4.mul(f, f)
  const upper = multiplyAdd(c4, square, multiplyAdd(c3, f, c2))
  return i32x4.add(multiplyAdd(upper, square, multiplyAdd(c1, f, c0)), i32x4.shl(n, 23))
}

/** e^x for x up to 88, to 1.4e-7 and 6e-8 |x|, by a degree more. */
@inline
export function exp(given: v128): v128 {
  const t = atLeast(f32x4.mul(given, log2e), lowest)
  const n = f32x4.add(t, magic)
  const f = f32x4.sub(t, f32x4.sub(n, magic))
  const square = f32x4.mul(f, f)
  const upper = multiplyAdd(multiplyAdd(e5, f, e4), square, multiplyAdd(e3, f, e2))
  return i32x4.add(multiplyAdd(upper, square, multiplyAdd(e1, f, unit)), i32x4.shl(n, 23))
}

/** The natural logarithm of a normal positive number, in double: exponent, then an atanh series over [sqrt(1/2), sqrt(2)). */
export function log(x: f64): f64 {
  const word = reinterpret<i64>(x)
  let exponent = <i32>(word >> 52) - 1023
  let m = reinterpret<f64>((word & 0xfffffffffffff) | 0x3ff0000000000000)
  if (m > 1.4142135623730951) {
    m *= 0.5
    exponent++
  }
  const s = (m - 1) / (m + 1)
  const z = s * s
  let sum: f64 = 0
  for (let k = 19; k >= 1; k -= 2) sum = sum * z + 1 / <f64>k
  return 2 * s * sum + <f64>exponent * 0.6931471805599453
}

export function fillZero(p: usize, bytes: usize): void {
  memory.fill(p, 0, bytes)
}
