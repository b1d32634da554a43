/** The draws of graph/math/random.ts, four elements at a time: same key, same element, same bits. */

/** A mask of the lanes element … element + 3 whose upper 24 bits lie below `below` (pea/draw.ts: threshold). */
@inline
export function drawn(key: i32, element: i32, below: v128): v128 {
  const golden: i32 = 0x9e3779b1
  let h = i32x4.add(i32x4.splat(element * golden), i32x4(0, 0x9e3779b1, 0x3c6ef362, 0xdaa66d13))
  h = v128.xor(h, i32x4.splat(key))
  h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 16)), i32x4.splat(0x85ebca6b))
  h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 13)), i32x4.splat(0xc2b2ae35))
  return i32x4.lt_s(i32x4.shr_u(v128.xor(h, i32x4.shr_u(h, 16)), 8), below)
}
