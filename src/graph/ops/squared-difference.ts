/** SQUARED_DIFFERENCE: the square of the difference; in int8 both sides are lifted by 2^7 (16-bit steps by nothing) to one scale before they meet. */
import { multiplier, rescale } from '../math/requantise.ts'
import { activation, defineOp, type Operand } from './define.ts'
import { broadcast, eachPair, pairFacts } from './kit/binary.ts'
import { limitsOf, scaleOf, zeroOf } from './kit/scale.ts'

const square = (x: number) => x * x

export const squaredDifference = defineOp({
  name: 'squared-difference',
  tflite: { code: 99, options: 76, version: (_, [a]) => (a?.dtype === 'int8' ? 2 : 1) },
  attrs: {},
  family: 'elementwise',
  roles: { in: [activation, activation], out: [activation] },
  infer: (_, [a, b]) => [broadcast(a.shape, b.shape)],
  macs: () => 0,
  facts: (_, inputs) => pairFacts(inputs),
  float: (_, inputs, outputs) => eachPair(inputs, outputs, (a, b) => square(a - b)),
  authority: { int16: 'tflm' },
  int8: (_, inputs, outputs) => {
    const [[a, b], [y]] = [inputs as readonly [Operand, Operand], outputs]
    const [twice, up] = [2 * Math.max(scaleOf(a), scaleOf(b)), y!.dtype === 'int16' ? 0 : 7]
    const [liftA, liftB] = [lift(a, twice, up), lift(b, twice, up)]
    const { mantissa, shift } = multiplier((twice * twice) / (2 ** (2 * up) * scaleOf(y!)))
    const [[low, high], zero] = [limitsOf(y!), zeroOf(y!)]
    return eachPair(inputs, outputs, (p, q) => Math.min(high, Math.max(low, rescale(square(liftA(p) - liftB(q)), mantissa, shift) + zero)))
  },
  examples: [
    {
      shapes: [
        [1, 4, 4, 3],
        [1, 4, 4, 3],
      ],
    },
    {
      shapes: [
        [2, 3, 4],
        [1, 4],
      ],
    },
  ],
})

/** Brings an input's steps to twice the larger scale, up in bits, so that the largest square still fits 32 bits. */
function lift(x: Operand, twice: number, up: number): (q: number) => number {
  const [{ mantissa, shift }, zero] = [multiplier(scaleOf(x) / twice), zeroOf(x)]
  return (q) => rescale((q - zero) << up, mantissa, shift)
}
