/** REDUCE_MIN: the smallest element along constant axes; input and output share one scale, so steps compare as they are. */
import { activation, defineOp, index, type Operand, same } from './define.ts'
import { fold, reducing } from './kit/reduction.ts'
import { secondForInt8 } from './kit/scale.ts'

export const reduceMin = defineOp({
  ...reducing,
  name: 'reduce-min',
  tflite: { code: 89, options: 27, version: secondForInt8 },
  roles: { in: [activation, index], out: [same()] },
  float: (_, inputs, outputs) => smallest(inputs, outputs),
  int8: (_, inputs, outputs) => smallest(inputs, outputs),
})

const smallest = (inputs: readonly Operand[], outputs: readonly Operand[]) => fold(inputs, outputs, Infinity, Math.min, (most) => most)
