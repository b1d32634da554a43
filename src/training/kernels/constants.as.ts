/**
 * The constants of the smooth activations, as globals whose values the compiler does not know. A constant in the code takes V8 four
 * instructions at every use on x86 (two moves of 64 bits through a general register), a global takes one load:
 * measured, 3 times the speed for Mish.
 */

/** 1, which the compiler cannot tell: a memory has at least one page. */
const one: f32 = memory.size() > 0 ? 1 : 0

@inline
function held(x: f32): v128 {
  return f32x4.splat(x * one)
}

export const zero = held(0)
export const unit = held(1)
export const two = held(2)
export const half = held(0.5)
export const minusHalf = held(-0.5)

/** Powers of two, exponents from `lowest` to `highest`: 2^f for |f| <= 1/2 by its minimax polynomial of degree 5 (relative error 1.4e-7; found by exchange), e0 = 1. */
export const highest = held(126.9)
export const lowest = held(-124.8)
export const log2e = held(1.44269504088896341)
export const magic = held(12582912)
export const e5 = held(0.0013276471979039245)
export const e4 = held(0.009675541334205775)
export const e3 = held(0.055507132735437094)
export const e2 = held(0.2402211972384874)
export const e1 = held(0.693146967064733)

/** The same of degree 4 for activations (relative error 2.8e-6, 1.8e-6 in the mean; found by reweighted least squares), p0 = 1. */
export const p4 = held(0.00958287)
export const p3 = held(0.05590647)
export const p2 = held(0.24024099)
export const p1 = held(0.69312419)

/** 20 log2 e: from x = 20 on Mish is x in float32. */
export const saturated = held(28.853900817779268)

/** Mills' ratio (smooth.as.ts): (half + m1 d + m2 d^2) / (1 + r1 d + r2 d^2). */
export const far = held(1e6)
export const m1 = held(0.08142755)
export const m2 = held(0.00313204)
export const r1 = held(0.96058779)
export const r2 = held(0.27412973)
export const normalPeak = held(0.3989422804014327)
export const sign = held(-0.0)

/** The factors of the mixing function of draws (random.as.ts). */
export const factor1 = i32x4.splat(<i32>0x85ebca6b * <i32>one)
export const factor2 = i32x4.splat(<i32>0xc2b2ae35 * <i32>one)
