/** 1 / sqrt of an integer in fixed point, by five steps of Newton's iteration, bit-exact to TFLite's. */
import { highMultiply, type Multiplier, roundingShift } from './requantise.ts'

const MAX = 2 ** 31 - 1
const saturated = (x: number): number => Math.min(MAX, Math.max(-MAX - 1, x))

const ONE = 1 << 28 // 1 in Q3
const THREE_HALVES = ONE + (ONE >> 1)
const HALF_ROOT_OF_TWO = 1518500250 // Q0

/** A multiplier for 1 / sqrt(x); 0 counts as 1. Its mantissa may lie below 2^30. */
export function inverseRoot(x: number): Multiplier {
  if (x <= 1) return { mantissa: MAX, shift: 0 }
  let [down, scaled] = [11, x]
  for (; scaled >= 2 ** 29; down++) scaled = Math.floor(scaled / 4)
  const pairs = ((Math.clz32(scaled) - 1) >> 1) - 1
  scaled *= 4 ** pairs // now in [2^27, 2^29): Q4, read as Q3 when halved
  const half = roundingShift(scaled >> 1, 1)
  let root = ONE
  for (let i = 0; i < 5; i++) {
    const cube = saturated(highMultiply(highMultiply(root, root), root) * 2 ** 6)
    root = saturated(((highMultiply(THREE_HALVES, root) - highMultiply(half, cube)) | 0) * 2 ** 3)
  }
  const mantissa = highMultiply(root, HALF_ROOT_OF_TWO)
  down -= pairs
  return down < 0 ? { mantissa: mantissa << -down, shift: 0 } : { mantissa, shift: 0 - down }
}
