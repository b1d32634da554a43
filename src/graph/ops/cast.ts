/** CAST: numbers as numbers of another type, cut towards zero. It minds no scales: steps become bare numbers. */

import type { Kernel } from './define.ts'
import { defineOp, index, type Operand } from './define.ts'
import { tensorType } from './kit/tensor-type.ts'

export const cast = defineOp({
  name: 'cast',
  tflite: { code: 53, options: 37, version: () => 1 },
  attrs: { inDataType: tensorType(0), outDataType: tensorType(1) },
  family: 'elementwise',
  roles: { in: [index], out: [index] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: (_, [x], [y]) => ({ from: x.dtype, to: y.dtype }),
  float: (_, [x], [y]) => convert(x, y),
  int8: (_, [x], [y]) => convert(x, y),
  examples: [
    { attrs: { inDataType: 'int8', outDataType: 'float32' }, shapes: [[1, 4, 4, 3]] },
    { attrs: { inDataType: 'int8', outDataType: 'int32' }, shapes: [[2, 9]] },
  ],
})

function convert(x: Operand, y: Operand): Kernel {
  if (x.dtype === 'float16' || y.dtype === 'float16') throw new Error('no kernel computes it in float16')
  const [wide, truth] = [y.dtype === 'int64', y.dtype === 'bool']
  return ([xs], [ys]) => {
    const to = ys as unknown as Record<number, number | bigint>
    for (let i = 0; i < xs!.length; i++) {
      const value = Math.trunc(Number(xs![i]))
      to[i] = wide ? BigInt(value) : truth ? Number(Number(xs![i]) !== 0) : y.dtype === 'float32' ? Number(xs![i]) : value
    }
  }
}
