/** MAX_POOL_2D: the largest pixel of a window. */
import { defineOp } from './define.ts'
import { realRange, stepRange } from './kit/fused.ts'
import { pool, pooling } from './kit/pool.ts'
import { limitsOf, secondForInt8 } from './kit/scale.ts'

export const maxPool2d = defineOp({
  ...pooling,
  name: 'max-pool-2d',
  tflite: { code: 17, options: 5, version: secondForInt8 },
  float: (attrs, inputs, outputs) => {
    const [low, high] = realRange(attrs.fusedActivation)
    return pool(attrs, inputs, outputs, -Infinity, Math.max, (most) => Math.min(high, Math.max(low, most)))
  },
  authority: { int16: 'tflm' },
  int8: (attrs, inputs, outputs) => {
    const [low, high] = stepRange(attrs.fusedActivation, outputs[0]!)
    return pool(attrs, inputs, outputs, limitsOf(outputs[0]!)[0], Math.max, (most) => Math.min(high, Math.max(low, most)))
  },
})
