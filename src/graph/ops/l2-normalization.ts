/** L2_NORMALIZATION along the last axis, in steps of 1/128. */
import { inverseRoot } from '../math/inverse-root.ts'
import { rescale } from '../math/requantise.ts'
import { activation, defineOp, fixed, fused } from './define.ts'
import { zeroOf } from './kit/scale.ts'
import { pointwise } from './kit/unary.ts'

export const l2Normalization = defineOp({
  ...pointwise,
  name: 'l2-normalization',
  tflite: { code: 11, options: 12, version: (_, __, [y]) => (y?.dtype === 'int8' ? 2 : 1) },
  attrs: { fusedActivation: fused(0) },
  family: 'reduce',
  roles: { in: [activation], out: [fixed(1 / 128, 0)] },
  infer: ({ fusedActivation }, [x]) => {
    if (fusedActivation !== 'none') throw new Error(`a fused ${fusedActivation} has no reference kernel`)
    return [x.shape]
  },
  facts: ({ fusedActivation }, [x]) => ({ fusedActivation, depth: x.shape.at(-1) ?? 1 }),
  float: (_, [x]) => {
    const depth = x.shape.at(-1) ?? 1
    return ([xs], [ys]) => {
      for (let row = 0; row < ys!.length; row += depth) {
        let sum = 0
        for (let c = 0; c < depth; c++) sum += xs![row + c]! ** 2
        // The references keep the norm from zero by 1e-6.
        const norm = Math.max(Math.sqrt(sum), 1e-6)
        for (let c = 0; c < depth; c++) ys![row + c] = xs![row + c]! / norm
      }
    }
  },
  int8: (_, [x]) => {
    const [depth, zero] = [x.shape.at(-1) ?? 1, zeroOf(x)]
    return ([xs], [ys]) => {
      for (let row = 0; row < ys!.length; row += depth) {
        let sum = 0
        for (let c = 0; c < depth; c++) sum += (xs![row + c]! - zero) ** 2
        const { mantissa, shift } = inverseRoot(sum)
        for (let c = 0; c < depth; c++) ys![row + c] = Math.min(127, Math.max(-128, rescale(xs![row + c]! - zero, mantissa, shift + 7)))
      }
    }
  },
  examples: [{ shapes: [[1, 10]] }, { shapes: [[2, 3, 3, 4]] }],
})
