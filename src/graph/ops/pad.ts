/** PAD: widens each axis; in int8 a zero is the zero point. */
import { activation, defineOp, index, type Kernel, type Operand, same } from './define.ts'
import { constant, gather, stridesOf } from './kit/gather.ts'
import { zeroOf } from './kit/scale.ts'

export const pad = defineOp({
  name: 'pad',
  tflite: {
    code: 34,
    options: 22,
    version: (_, [x]) => (x && x.shape.length > 4 ? 4 : x?.dtype === 'int16' ? 3 : x?.dtype === 'int8' ? 2 : 1),
  },
  attrs: {},
  family: 'move',
  roles: { in: [activation, index], out: [same()] },
  infer: (_, [x, by]) => {
    const widths = constant(by, 'paddings')
    if (widths.length !== 2 * x.shape.length || widths.some((n) => n < 0))
      throw new Error(`its paddings [${widths}] do not fit an input of rank ${x.shape.length}`)
    return [x.shape.map((extent, i) => extent + widths[2 * i]! + widths[2 * i + 1]!)]
  },
  macs: () => 0,
  facts: (_, [x, by]) => {
    const widths = by.data ? constant(by, 'paddings') : []
    const rank = x.shape.length
    return {
      paddingsConstant: by.data !== undefined,
      padsBatch: (widths[0] ?? 0) + (widths[1] ?? 0) > 0,
      padsChannels: (widths[2 * rank - 2] ?? 0) + (widths[2 * rank - 1] ?? 0) > 0,
    }
  },
  float: (_, [x, by], [y]) => widen(x, by, y, 0),
  int8: (_, [x, by], [y]) => widen(x, by, y, zeroOf(x)),
  examples: [
    {
      shapes: [
        [1, 2, 3, 1],
        [4, 2],
      ],
      consts: { 1: [0, 0, 1, 1, 2, 0, 0, 0] },
    },
    {
      shapes: [
        [2, 5],
        [2, 2],
      ],
      consts: { 1: [1, 0, 0, 3] },
    },
    {
      shapes: [
        [2, 3, 3, 4],
        [4, 2],
      ],
      consts: { 1: [0, 0, 0, 1, 0, 1, 0, 0] },
    },
  ],
})

function widen(x: Operand, by: Operand, y: Operand, blank: number): Kernel {
  const widths = constant(by, 'paddings')
  const strides = stridesOf(x.shape)
  const source = (at: readonly number[]) => {
    let sum = 0
    for (let axis = 0; axis < at.length; axis++) {
      const from = at[axis]! - widths[2 * axis]!
      if (from < 0 || from >= x.shape[axis]!) return -1
      sum += from * strides[axis]!
    }
    return sum
  }
  return gather(y.shape, source, blank)
}
