/** ADD of two tensors of one shape. */
import { size } from '../../graph/ir/graph.ts'
import { multiplier } from '../../graph/math/requantise.ts'
import { stepRange } from '../../graph/ops/kit/fused.ts'
import { scaleOf, zeroOf } from '../../graph/ops/kit/scale.ts'
import { defineFast } from './define.ts'

/** TFLite lifts both inputs by so many bits before they meet. */
const LIFT = 20

export const add = defineFast({
  op: 'add',
  prepare(attrs, inputs, [y], _, memory) {
    const [a, b] = inputs as readonly [(typeof inputs)[number], (typeof inputs)[number]]
    if (b.data || size(a.shape) !== size(y!.shape) || size(b.shape) !== size(y!.shape)) return undefined
    const swapped = scaleOf(b) > scaleOf(a)
    const [larger, smaller] = swapped ? [b, a] : [a, b]
    const twice = 2 * scaleOf(larger)
    const { mantissa, shift } = multiplier(scaleOf(smaller) / twice)
    const ofY = multiplier(twice / (2 ** LIFT * scaleOf(y!)))
    if (shift < -31 || ofY.shift > -1 || ofY.shift < -31) return undefined
    // Of two equal scales the multiplier is one half as well: taken as twice that, and one bit down.
    const down = Math.max(1, -shift)
    const lifted = shift < 0 ? mantissa : 2 * mantissa
    const [min, max] = stepRange(attrs.fusedActivation, y!)
    const layer = memory.put(
      Int32Array.from([
        ...[zeroOf(larger), zeroOf(smaller), Math.floor(lifted / 2048), lifted % 2048, down],
        ...[ofY.mantissa, -ofY.shift, zeroOf(y!), min, max],
      ]),
    )
    const count = size(y!.shape)
    const run = memory.exports
    return swapped
      ? ([p, q], [to]) => run.add(layer, q!.byteOffset, p!.byteOffset, to!.byteOffset, count)
      : ([p, q], [to]) => run.add(layer, p!.byteOffset, q!.byteOffset, to!.byteOffset, count)
  },
})
