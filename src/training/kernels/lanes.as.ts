/**
 * Four floats at a time. Loads may read up to 12 bytes past a row whose channels are no multiple of 4 (the lanes are
 * thrown away), stores never write past it: so every memory that kernels see ends with 16 bytes of slack.
 */

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

/** e^x to 2 ulp: x = n ln 2 + r, a polynomial in r (the coefficients of Cephes' expf, Moshier 1992), 2^n by its bits. */
@inline
export function exp(given: v128): v128 {
  let x = f32x4.max(f32x4.min(given, f32x4.splat(88.3762626647949)), f32x4.splat(-87.3365478515625))
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)))
  x = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)))
  x = f32x4.sub(x, f32x4.mul(n, f32x4.splat(-2.12194440e-4)))
  let y = multiplyAdd(f32x4.splat(1.9875691500e-4), x, f32x4.splat(1.3981999507e-3))
  y = multiplyAdd(y, x, f32x4.splat(8.3334519073e-3))
  y = multiplyAdd(y, x, f32x4.splat(4.1665795894e-2))
  y = multiplyAdd(y, x, f32x4.splat(1.6666665459e-1))
  y = multiplyAdd(y, x, f32x4.splat(5.0000001201e-1))
  y = f32x4.add(multiplyAdd(y, f32x4.mul(x, x), x), f32x4.splat(1))
  return f32x4.mul(y, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23))
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
