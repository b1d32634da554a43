/** Sums of products over windows, compiled: of the same bits as plain loops give. */
import type { Products } from '../define.ts'
import type { FastMemory } from './define.ts'

/** Windows that are added in one walk over the sums. */
const most = 32

export function productsIn(memory: FastMemory, depth: number, channels: number): Products {
  // What stands beyond depth and channels is zero.
  const [rows, columns] = channels === 1 ? [Math.ceil(depth / 4) * 4, 1] : [depth, Math.ceil(channels / 2) * 2]
  const [each, length] = [rows * columns, rows * rows * columns]
  const [sumsAt, heldAt] = [memory.allocate(8 * length), memory.allocate(8 * most * each)]
  const run = memory.exports
  let held: Float64Array = new Float64Array(0)
  let count = 0
  const flush = (): void => {
    if (count && channels === 1) run.products(sumsAt, heldAt, count, rows)
    else if (count) run.channelProducts(sumsAt, heldAt, count, rows, columns)
    count = 0
  }
  return {
    add(window) {
      if (held.buffer !== memory.buffer) held = new Float64Array(memory.buffer, heldAt, most * each)
      const at = count * each
      if (columns === channels) held.set(window, at)
      else for (let k = 0, from = 0; k < depth; k++) for (let c = 0; c < channels; c++) held[at + k * columns + c] = window[from++]!
      if (++count === most) flush()
    },
    matrix(channel) {
      flush()
      const sums = new Float64Array(memory.buffer, sumsAt, length)
      const whole = new Float64Array(depth * depth)
      for (let i = 0; i < depth; i++)
        for (let j = i; j < depth; j++) whole[i * depth + j] = whole[j * depth + i] = sums[(i * rows + j) * columns + channel]!
      return whole
    },
  }
}
