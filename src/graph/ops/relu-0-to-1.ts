/** RELU_0_TO_1: clamps to [0, 1]. */
import { defineOp } from './define.ts'
import { stepRange } from './kit/fused.ts'
import { clampTo, each, pointwise } from './kit/unary.ts'

export const relu0To1 = defineOp({
  ...pointwise,
  name: 'relu-0-to-1',
  tflite: { code: 152, options: 0, version: () => 1 },
  family: 'elementwise',
  authority: { int8: 'litert' },
  float: () => each((x) => Math.min(Math.max(x, 0), 1)),
  int8: (_, [x], [y]) => clampTo(x, y, stepRange('relu-0-to-1', y)),
})
