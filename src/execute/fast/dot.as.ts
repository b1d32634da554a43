/** The product that all convolutions are made of. */

/** To each of four accumulators the sum of two int16 products. */
@inline
export function madd(acc: v128, x: v128, w: v128): v128 {
  return i32x4.add(acc, i32x4.dot_i16x8_s(x, w))
}
