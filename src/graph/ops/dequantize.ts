/** DEQUANTIZE: steps to reals; one scale, or one for each index along an axis. */
import { size } from '../ir/graph.ts'
import { activation, defineOp } from './define.ts'
import { copy } from './kit/gather.ts'
import { each } from './kit/unary.ts'

export const dequantize = defineOp({
  name: 'dequantize',
  tflite: {
    code: 6,
    options: 38,
    version: (_, [x]) =>
      x?.dtype === 'int16' || x?.dtype === 'float16' ? 3 : x?.dtype !== 'int8' ? 1 : (x.quant?.scale.length ?? 1) > 1 ? 5 : 2,
  },
  attrs: {},
  family: 'elementwise',
  roles: { in: [activation], out: [activation] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: () => ({}),
  float: (_, [x]) => (x.dtype === 'float16' ? each(half) : copy),
  int8: (_, [x]) => {
    const { scale, zero, axis } = x.quant!
    const inner = scale.length > 1 ? size(x.shape.slice(axis + 1)) : size(x.shape)
    return ([xs], [ys]) => {
      for (let i = 0; i < ys!.length; i++) {
        const c = scale.length > 1 ? Math.floor(i / inner) % scale.length : 0
        ys![i] = scale[c]! * (xs![i]! - (zero[c] ?? 0))
      }
    }
  },
  takes: ['float32', 'uint8', 'int16'],
  examples: [{ shapes: [[1, 4, 4, 3]] }],
})

/** The value of a half-precision number's bits (IEEE 754 binary16). */
function half(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity
  return exponent ? sign * 2 ** (exponent - 25) * (1024 + fraction) : sign * 2 ** -24 * fraction
}
