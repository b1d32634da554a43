/** ADD of two int8 tensors of one shape: both brought to a common scale, summed, brought to the output's. */
import { clamp, storeLow } from './requantise.as'

/*
 * A layer, int32 each, in bytes. `a` is the input of the larger scale, whose multiplier is one half: lifted by 20 bits it stands at
 * v << 19. The other's product v * 2^20 * m / 2^31, rounded, is v * HIGH + (v * LOW + 2^10 >> 11), where m = HIGH * 2^11 + LOW: all in
 * 32 bits. Shifts are to the right and at least 1; they round halves away from zero.
 */
const A_ZERO = 0
const B_ZERO = 4
const B_HIGH = 8
const B_LOW = 12
const B_SHIFT = 16
const MULTIPLIER = 20
const SHIFT = 24
const ZERO = 28
const MIN = 32
const MAX = 36

/** Half less one for negative numbers, then down. */
@inline
function roundingShift(v: v128, half: v128, shift: i32): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.add(v, half), i32x4.shr_s(v, 31)), shift)
}

/** round(2 v * multiplier / 2^32): twice a sum of two lifted inputs stays below 2^30. */
@inline
function product(v: v128, multiplier: v128): v128 {
  const half = i64x2.splat(1 << 31)
  const twice = i32x4.add(v, v)
  const low = i64x2.add(i64x2.extmul_low_i32x4_s(twice, multiplier), half)
  const high = i64x2.add(i64x2.extmul_high_i32x4_s(twice, multiplier), half)
  return v128.shuffle<i32>(low, high, 1, 3, 5, 7)
}

export function add(layer: usize, a: usize, b: usize, y: usize, count: i32): void {
  const aZero = i16x8.splat(<i16>load<i32>(layer, A_ZERO))
  const bZero = i16x8.splat(<i16>load<i32>(layer, B_ZERO))
  const bHigh = i32x4.splat(load<i32>(layer, B_HIGH))
  const bLow = i32x4.splat(load<i32>(layer, B_LOW))
  const bShift = load<i32>(layer, B_SHIFT)
  const bHalf = i32x4.splat(1 << (bShift - 1))
  const lowHalf = i32x4.splat(1 << 10)
  const multiplier = i32x4.splat(load<i32>(layer, MULTIPLIER))
  const shift = load<i32>(layer, SHIFT)
  const half = i32x4.splat(1 << (shift - 1))
  const zero = i16x8.splat(<i16>load<i32>(layer, ZERO))
  const min = i8x16.splat(<i8>load<i32>(layer, MIN))
  const max = i8x16.splat(<i8>load<i32>(layer, MAX))
  for (let i = 0; i < count; i += 8) {
    const p = i16x8.sub(v128.load8x8_s(a + i), aZero)
    const q = i16x8.sub(v128.load8x8_s(b + i), bZero)
    const q0 = i32x4.extend_low_i16x8_s(q)
    const q1 = i32x4.extend_high_i16x8_s(q)
    const b0 = i32x4.add(i32x4.mul(q0, bHigh), i32x4.shr_s(i32x4.add(i32x4.mul(q0, bLow), lowHalf), 11))
    const b1 = i32x4.add(i32x4.mul(q1, bHigh), i32x4.shr_s(i32x4.add(i32x4.mul(q1, bLow), lowHalf), 11))
    const s0 = i32x4.add(i32x4.shl(i32x4.extend_low_i16x8_s(p), 19), roundingShift(b0, bHalf, bShift))
    const s1 = i32x4.add(i32x4.shl(i32x4.extend_high_i16x8_s(p), 19), roundingShift(b1, bHalf, bShift))
    const low = roundingShift(product(s0, multiplier), half, shift)
    const high = roundingShift(product(s1, multiplier), half, shift)
    const sum = i16x8.add_sat_s(i16x8.narrow_i32x4_s(low, high), zero)
    const left = count - i
    storeLow(y + i, clamp(sum, sum, min, max), left < 8 ? left : 8)
  }
}
