/** ADD of two int8 tensors of one shape: both brought to a common scale, summed, brought to the output's. */
import { clamp, storeLow } from './requantise.as'

/* A layer, int32 each, in bytes. Shifts are to the right. */
const A_ZERO = 0
const A_MULTIPLIER = 4
const A_SHIFT = 8
const B_ZERO = 12
const B_MULTIPLIER = 16
const B_SHIFT = 20
const LEFT_SHIFT = 24
const MULTIPLIER = 28
const SHIFT = 32
const ZERO = 36
const MIN = 40
const MAX = 44

/** gemmlowp's rounding shift by one amount for all lanes, halves away from zero. */
@inline
function roundingShift(v: v128, shift: i32): v128 {
  const mask = (1 << shift) - 1
  const threshold = i32x4.sub(i32x4.splat(mask >> 1), i32x4.shr_s(v, 31))
  return i32x4.sub(i32x4.shr_s(v, shift), i32x4.gt_s(v128.and(v, i32x4.splat(mask)), threshold))
}

@inline
function rescale(v: v128, multiplier: v128, shift: i32): v128 {
  const half = i64x2.splat(1 << 30)
  const low = i64x2.shl(i64x2.add(i64x2.extmul_low_i32x4_s(v, multiplier), half), 1)
  const high = i64x2.shl(i64x2.add(i64x2.extmul_high_i32x4_s(v, multiplier), half), 1)
  return roundingShift(v128.shuffle<i32>(low, high, 1, 3, 5, 7), shift)
}

export function add(layer: usize, a: usize, b: usize, y: usize, count: i32): void {
  const aZero = i16x8.splat(<i16>load<i32>(layer, A_ZERO))
  const aMultiplier = i32x4.splat(load<i32>(layer, A_MULTIPLIER))
  const aShift = load<i32>(layer, A_SHIFT)
  const bZero = i16x8.splat(<i16>load<i32>(layer, B_ZERO))
  const bMultiplier = i32x4.splat(load<i32>(layer, B_MULTIPLIER))
  const bShift = load<i32>(layer, B_SHIFT)
  const leftShift = load<i32>(layer, LEFT_SHIFT)
  const multiplier = i32x4.splat(load<i32>(layer, MULTIPLIER))
  const shift = load<i32>(layer, SHIFT)
  const zero = i16x8.splat(<i16>load<i32>(layer, ZERO))
  const min = i8x16.splat(<i8>load<i32>(layer, MIN))
  const max = i8x16.splat(<i8>load<i32>(layer, MAX))
  for (let i = 0; i < count; i += 8) {
    const p = i16x8.sub(v128.load8x8_s(a + i), aZero)
    const q = i16x8.sub(v128.load8x8_s(b + i), bZero)
    const low = i32x4.add(
      rescale(i32x4.shl(i32x4.extend_low_i16x8_s(p), leftShift), aMultiplier, aShift),
      rescale(i32x4.shl(i32x4.extend_low_i16x8_s(q), leftShift), bMultiplier, bShift),
    )
    const high = i32x4.add(
      rescale(i32x4.shl(i32x4.extend_high_i16x8_s(p), leftShift), aMultiplier, aShift),
      rescale(i32x4.shl(i32x4.extend_high_i16x8_s(q), leftShift), bMultiplier, bShift),
    )
    const sum = i16x8.add_sat_s(i16x8.narrow_i32x4_s(rescale(low, multiplier, shift), rescale(high, multiplier, shift)), zero)
    const left = count - i
    storeLow(y + i, clamp(sum, sum, min, max), left < 8 ? left : 8)
  }
}
