/** AVERAGE_POOL_2D: the mean of the pixels of a window that lie inside the image. */
import { defineOp } from './define.ts'
import { realRange, stepRange } from './kit/fused.ts'
import { pool, pooling } from './kit/pool.ts'
import { secondForInt8 } from './kit/scale.ts'

export const averagePool2d = defineOp({
  ...pooling,
  name: 'average-pool-2d',
  tflite: { code: 1, options: 5, version: secondForInt8 },
  float: (attrs, inputs, outputs) => {
    const [low, high] = realRange(attrs.fusedActivation)
    const add = (a: number, b: number) => a + b
    return pool(attrs, inputs, outputs, 0, add, (sum, count) => Math.min(high, Math.max(low, sum / count)))
  },
  authority: { int16: 'tflm' },
  int8: (attrs, inputs, outputs) => {
    const [low, high] = stepRange(attrs.fusedActivation, outputs[0]!)
    const add = (a: number, b: number) => a + b
    // Halves go away from zero in steps, whatever the zero point: the division truncates after half the count is added.
    const mean = (sum: number, count: number) => Math.trunc((sum > 0 ? sum + (count >> 1) : sum - (count >> 1)) / count)
    return pool(attrs, inputs, outputs, 0, add, (sum, count) => Math.min(high, Math.max(low, mean(sum, count))))
  },
})
