/** From sums in double to float32: the end of a tile. */

/*
 * Parameters: the clamp's two ends, then for each block of four output channels what their sums start from and what is added to them at
 * the end, four doubles each.
 */
export const LOW = 0
export const HIGH = 8
export const BLOCKS = 16
export const START = 0
export const END = 32
export const BLOCK_BYTES = 64

/** Four sums to float32 within [low, high]; stores the first `count`. */
@inline
export function close(y: usize, a: v128, b: v128, p: usize, low: v128, high: v128, count: i32): void {
  const first = f64x2.min(high, f64x2.max(low, f64x2.add(a, v128.load(p, END))))
  const second = f64x2.min(high, f64x2.max(low, f64x2.add(b, v128.load(p, END + 16))))
  const four = v128.shuffle<i64>(f32x4.demote_f64x2_zero(first), f32x4.demote_f64x2_zero(second), 0, 2)
  if (count == 4) v128.store(y, four)
  else {
    v128.store32_lane(y, four, 0)
    if (count > 1) v128.store32_lane(y, four, 1, 4)
    if (count > 2) v128.store32_lane(y, four, 2, 8)
  }
}
