/** The fixed-point frame of LOGISTIC and TANH in int8: input brought to Q4, output taken from Q0. */
import { multiplier, rescale, roundingShift } from '../../math/requantise.ts'
import type { Kernel, Operand } from '../define.ts'
import { scaleOf, zeroOf } from './scale.ts'
import { lookUp } from './unary.ts'

/** `curve` maps Q4 to Q0; the result keeps `bits` of its fraction and is moved by `zero`. */
export function fixedCurve(x: Operand, y: Operand, curve: (a: number, integerBits: number) => number, bits: number, zero: number): Kernel {
  const { mantissa, shift } = multiplier(scaleOf(x) * 2 ** 27)
  const radius = Math.floor((15 * 2 ** 27) / 2 ** shift)
  return lookUp(y, (q) => {
    const v = q - zeroOf(x)
    if (v <= -radius) return -128
    if (v >= radius) return 127
    return roundingShift(curve(rescale(v, mantissa, shift), 4), 31 - bits) + zero
  })
}
