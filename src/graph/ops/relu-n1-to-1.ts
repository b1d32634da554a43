/** RELU_N1_TO_1: clamps to [-1, 1]. */
import { defineOp } from './define.ts'
import { stepRange } from './kit/fused.ts'
import { clampTo, each, pointwise } from './kit/unary.ts'

export const reluN1To1 = defineOp({
  ...pointwise,
  name: 'relu-n1-to-1',
  tflite: { code: 20, options: 0, version: () => 1 },
  family: 'elementwise',
  authority: { int8: 'litert' },
  float: () => each((x) => Math.min(Math.max(x, -1), 1)),
  int8: (_, [x], [y]) => clampTo(x, y, stepRange('relu-n1-to-1', y)),
})
