/** From int32 accumulators to int8: TFLite's MultiplyByQuantizedMultiplier on four lanes, bit for bit, and the stores that end a tile. */

/*
 * Parameters of a block of eight output channels, in bytes from its start: every field is eight int32.
 * BIAS: bias with the input's zero point folded in. MULTIPLIER: 31-bit mantissa. ROUND: 2^(e-1), SCALE: 2^(32-e) for a right shift e >= 1,
 * else 0. LEFT: 2^left. WHOLE: -1 where the shift is not to the right, else 0. TOTAL: 31 - shift, for single rounding.
 */
export const BIAS = 0
export const MULTIPLIER = 32
export const ROUND = 64
export const SCALE = 96
export const LEFT = 128
export const WHOLE = 160
export const TOTAL = 192
export const BLOCK_BYTES = 224

/** Right shifts only: two roundings. */
export const RIGHT: i32 = 0
/** Some shift is zero or to the left: two roundings. */
export const ANY: i32 = 1
/** One rounding in 64 bits. */
export const SINGLE: i32 = 2

/**
 * Four lanes. The saturating rounding doubling high multiply is floor((a * m + 2^30) / 2^31) for both signs, since m is never negative; the
 * rounding shift is symmetric, so it is done on magnitudes, as a multiplication by 2^(32-e), for WASM has no shift of its own a lane.
 */
@inline
function double(acc: v128, p: usize, any: bool): v128 {
  if (any) acc = i32x4.mul(acc, v128.load(p, LEFT))
  const m = v128.load(p, MULTIPLIER)
  const half = i64x2.splat(1 << 30)
  const low = i64x2.shl(i64x2.add(i64x2.extmul_low_i32x4_s(acc, m), half), 1)
  const high = i64x2.shl(i64x2.add(i64x2.extmul_high_i32x4_s(acc, m), half), 1)
  const product = v128.shuffle<i32>(low, high, 1, 3, 5, 7)
  const magnitude = i32x4.add(i32x4.abs(product), v128.load(p, ROUND))
  const scale = v128.load(p, SCALE)
  const below = i64x2.extmul_low_i32x4_u(magnitude, scale)
  const shifted = v128.shuffle<i32>(below, i64x2.extmul_high_i32x4_u(magnitude, scale), 1, 3, 5, 7)
  const sign = i32x4.shr_s(product, 31)
  const result = i32x4.sub(v128.xor(shifted, sign), sign)
  return any ? v128.bitselect(product, result, v128.load(p, WHOLE)) : result
}

@inline
function once(acc: i32, p: usize): i32 {
  const total = <i64>load<i32>(p, TOTAL)
  const exact = (<i64>acc * <i64>load<i32>(p, MULTIPLIER) + ((<i64>1) << (total - 1))) >> total
  return <i32>max(min(exact, <i64>i32.MAX_VALUE), <i64>i32.MIN_VALUE)
}

@inline
function single(acc: v128, p: usize): v128 {
  const r = i32x4.splat(once(i32x4.extract_lane(acc, 0), p))
  const s = i32x4.replace_lane(r, 1, once(i32x4.extract_lane(acc, 1), p + 4))
  const t = i32x4.replace_lane(s, 2, once(i32x4.extract_lane(acc, 2), p + 8))
  return i32x4.replace_lane(t, 3, once(i32x4.extract_lane(acc, 3), p + 12))
}

/** Eight accumulators to eight int16 about the output's zero point; saturates, which the clamp to int8 that follows cannot tell. */
@inline
export function requantise(low: v128, high: v128, p: usize, mode: i32, zero: v128): v128 {
  const narrow = mode == RIGHT ? i16x8.narrow_i32x4_s(double(low, p, false), double(high, p + 16, false)) : rarely(low, high, p, mode)
  return i16x8.add_sat_s(narrow, zero)
}

function rarely(low: v128, high: v128, p: usize, mode: i32): v128 {
  if (mode == ANY) return i16x8.narrow_i32x4_s(double(low, p, true), double(high, p + 16, true))
  return i16x8.narrow_i32x4_s(single(low, p), single(high, p + 16))
}

/** Two int16 rows to int8 within [min, max]. */
@inline
export function clamp(first: v128, second: v128, min: v128, max: v128): v128 {
  return i8x16.min_s(i8x16.max_s(i8x16.narrow_i16x8_s(first, second), min), max)
}

/** Stores the first `count` (at most eight) bytes of the low half. */
@inline
export function storeLow(y: usize, bytes: v128, count: i32): void {
  if (count == 8) v128.store64_lane(y, bytes, 0)
  else storePart(y, i64x2.extract_lane(bytes, 0), count)
}

@inline
export function storeHigh(y: usize, bytes: v128, count: i32): void {
  if (count == 8) v128.store64_lane(y, bytes, 1)
  else storePart(y, i64x2.extract_lane(bytes, 1), count)
}

function storePart(y: usize, bytes: i64, count: i32): void {
  for (let i = 0; i < count; i++) {
    store<i8>(y + i, <i8>bytes)
    bytes >>= 8
  }
}
