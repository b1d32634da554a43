/** REDUCE_MAX: the largest element along constant axes; input and output share one scale, so steps compare as they are. */
import { activation, defineOp, index, type Operand, same } from './define.ts'
import { fold, reducing } from './kit/reduction.ts'
import { secondForInt8 } from './kit/scale.ts'

export const reduceMax = defineOp({
  ...reducing,
  name: 'reduce-max',
  tflite: { code: 82, options: 27, version: secondForInt8 },
  roles: { in: [activation, index], out: [same()] },
  float: (_, inputs, outputs) => largest(inputs, outputs),
  int8: (_, inputs, outputs) => largest(inputs, outputs),
})

const largest = (inputs: readonly Operand[], outputs: readonly Operand[]) => fold(inputs, outputs, -Infinity, Math.max, (most) => most)
