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
  prepare(attrs, [a, b], [y], _, memory) {
    if (b!.data || size(a!.shape) !== size(y!.shape) || size(b!.shape) !== size(y!.shape)) return undefined
    const twice = 2 * Math.max(scaleOf(a!), scaleOf(b!))
    const [ofA, ofB] = [multiplier(scaleOf(a!) / twice), multiplier(scaleOf(b!) / twice)]
    const ofY = multiplier(twice / (2 ** LIFT * scaleOf(y!)))
    if ([ofA, ofB, ofY].some(({ shift }) => shift > 0 || shift < -31)) return undefined
    const [min, max] = stepRange(attrs.fusedActivation, y!)
    const layer = memory.put(
      Int32Array.from([
        ...[zeroOf(a!), ofA.mantissa, -ofA.shift, zeroOf(b!), ofB.mantissa, -ofB.shift, LIFT],
        ...[ofY.mantissa, -ofY.shift, zeroOf(y!), min, max],
      ]),
    )
    const count = size(y!.shape)
    const run = memory.exports
    return ([p, q], [to]) => run.add(layer, p!.byteOffset, q!.byteOffset, to!.byteOffset, count)
  },
})
