/** The draws of graph/math/random.ts, four elements at a time: same key, same element, same bits. */

import { factor1, factor2 } from './constants.as'

const golden: i32 = 0x9e3779b1

/** The factors are the caller's locals in a loop: registers hold them. */
@inline
export function mixedBy(word: v128, f1: v128, f2: v128): v128 {
  let h = i32x4.mul(v128.xor(word, i32x4.shr_u(word, 16)), f1)
  h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 13)), f2)
  return v128.xor(h, i32x4.shr_u(h, 16))
}

@inline
function mixed(word: v128): v128 {
  return mixedBy(word, factor1, factor2)
}

/** Where the counters of elements element … element + 3 stand; four elements on, they are `stride` further. */
@inline
export function counters(element: i32): v128 {
  return i32x4.add(i32x4.splat(element * golden), i32x4(0, 0x9e3779b1, 0x3c6ef362, 0xdaa66d13))
}

@inline
export function stride(): v128 {
  return i32x4.splat(golden << 2)
}

/** Words element … element + 3 of a stream. */
@inline
export function words(key: i32, element: i32): v128 {
  return mixed(v128.xor(counters(element), i32x4.splat(key)))
}

/** A mask of the lanes element … element + 3 whose upper 24 bits lie below `below`: dropout. */
@inline
export function drawn(key: i32, element: i32, below: v128): v128 {
  return i32x4.lt_s(i32x4.shr_u(words(key, element), 8), below)
}

/**
 * The draws of ensembles (pea/draw.ts) take 16 bits each: element e is half e & 1 of word e >> 1. Of the words from e >> 1 on, e even, the
 * masks of elements e … e + 3 and e + 4 … e + 7.
 */
@inline
export function lowerHalves(words: v128, below: v128): v128 {
  return i32x4.lt_s(i32x4.extend_low_i16x8_u(words), below)
}

@inline
export function upperHalves(words: v128, below: v128): v128 {
  return i32x4.lt_s(i32x4.extend_high_i16x8_u(words), below)
}

/** The mask of elements element … element + 3 for any element: a hash apiece, so half as fast. */
@inline
export function halves(key: i32, element: i32, below: v128): v128 {
  const e = i32x4.add(i32x4.splat(element), i32x4(0, 1, 2, 3))
  const h = mixed(v128.xor(i32x4.mul(i32x4.shr_u(e, 1), i32x4.splat(golden)), i32x4.splat(key)))
  const odd = i32x4.shr_s(i32x4.shl(e, 31), 31)
  return i32x4.lt_s(v128.bitselect(i32x4.shr_u(h, 16), v128.and(h, i32x4.splat(0xffff)), odd), below)
}
