/** The fixed-point frames of LOGISTIC and TANH: curves in int8, a table of the logistic function with straight lines between in int16. */
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

const logistic = (x: number) => 1 / (1 + Math.exp(-x))

/** 65536 logistic(i / 24), less half of what the line to the next entry is off in the middle; it equals TFLite's table of 256 numbers. */
const entries = Array.from({ length: 256 }, (_, i) => {
  const [here, next, middle] = [logistic(i / 24), logistic((i + 1) / 24), logistic((i + 0.5) / 24)]
  return i === 255 ? 65535 : Math.round(65536 * (here - ((here + next) / 2 - middle) / 2))
})

/** The logistic function of |x| by the table, with `bits` of fraction between entries, in 16 + `bits` bits; `top` beyond the table. */
function interpolated(magnitude: number, bits: number, top: number): number {
  const i = magnitude >>> bits
  if (i >= 255) return top
  return entries[i]! * 2 ** bits + (magnitude & (2 ** bits - 1)) * (entries[i + 1]! - entries[i]!)
}

/** Brings 16-bit steps to 1 / (3 x 4096). Powers of two that need no more than `shifts` bits are exact. */
function tableSteps(x: Operand, shifts: number): (q: number) => number {
  const scale = scaleOf(x)
  const log = Math.log2(scale)
  const left = 12 + Math.round(log)
  if (Math.abs(log - Math.round(log)) < 1e-3 && left >= 0 && left <= shifts) return (q) => q * (3 << left)
  let [factor, down] = [scale * 4096 * 3, 0]
  for (; factor <= 32767 / 2 && down <= 30; down++) factor *= 2
  const [whole, round] = [Math.trunc(factor), down > 0 ? 2 ** (down - 1) : 0]
  return (q) => Math.floor((q * whole + round) / 2 ** down)
}

/** LOGISTIC in int16, in steps of 1/32768. */
export function logistic16(x: Operand, y: Operand): Kernel {
  const steps = tableSteps(x, 0)
  return lookUp(y, (q) => {
    const v = steps(q)
    const result = interpolated(Math.abs(v), 9, 0x7fff << 10)
    return Math.floor((v >= 0 ? result + 2 ** 9 : 2 ** 25 - result + 2 ** 9 - 1) / 2 ** 10)
  })
}

/** TANH in int16, in steps of 1/32768: 2 logistic(2 x) - 1. */
export function tanh16(x: Operand, y: Operand): Kernel {
  const steps = tableSteps(x, 1)
  return lookUp(y, (q) => {
    const v = steps(q)
    const result = interpolated(Math.abs(v), 8, 0xffff << 8)
    return Math.floor((v >= 0 ? result - 2 ** 23 + 2 ** 7 : -result + 2 ** 23 + 2 ** 7 - 1) / 2 ** 8)
  })
}
