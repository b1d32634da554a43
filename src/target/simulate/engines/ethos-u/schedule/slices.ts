/** Depths at which an operation is cut so that its weights come in while it runs. */
import type { Part } from '../cost.ts'
import type { Plan } from '../generation.ts'
import { type Dims, type Operation, roundUp } from '../operation.ts'
import type { Machine } from './define.ts'
import { bytesOf } from './expect.ts'

export type Cut = {
  readonly op: Operation
  readonly plan: Plan
  /** Bytes of all weights, and of what is free. */
  readonly full: number
  readonly room: number
  readonly transferCycles: number
  readonly slackCycles: number
  readonly dominated: boolean
}

/** As much first as the previous operation hides, then as much as each slice hides; undefined where slices would waste the blocks. */
export function slicesOf(cut: Cut, { generation, memories }: Machine): number[] | undefined {
  const { op, plan, full, room, transferCycles, slackCycles, dominated } = cut
  const depth = op.ofm.shape[2]
  const split = generation.splitDepth
  const [blockDepth, unit] = [plan.block.ofm[2], plan.leastDepth]
  const half = Math.floor(room / 2)
  const least = Math.min(split / depth, 1)
  const hidden = Math.min(slackCycles / transferCycles, 1)
  let ratio = 1 - Math.floor(hidden / least) * least < least / 2 ? 1 : hidden
  if (dominated && ratio > 0.5 && ratio < 1) ratio = Math.min(1, Math.max(0.5, roundUp(Math.floor(depth * 0.5), split) / depth))
  ratio = Math.min(Math.max(ratio, least), Math.min(half / full, 1))
  if (ratio >= 1) return [0, depth]

  const price = (channels: number, part: Part) => {
    const shape: Dims = [op.ofm.shape[0], op.ofm.shape[1], channels]
    return generation.cost({ ...op, ofm: { ...op.ofm, shape } }, plan, memories.staging, part).npu
  }
  const whole = (value: number, unit: number) => Math.floor(value / unit) * unit
  let first = Math.max(whole(Math.floor(depth * ratio), unit), split)
  if (first >= depth) return [0, depth]
  let next = roundUp(Math.max(Math.floor((depth * price(first, 'first')) / transferCycles), split), blockDepth)
  if (Math.floor((next / depth) * full) > half) next = Math.floor((half / full) * depth)
  for (;;) {
    next = Math.max(whole(next, next > blockDepth ? blockDepth : unit), unit)
    const cuts = [0]
    for (let d = first; d < depth; d += next) cuts.push(d)
    cuts.push(depth)
    const largest = Math.max(...bytesOf(plan, cuts))
    if (largest <= half || (first === split && next === unit)) {
      return cuts.length > 3 && next / roundUp(next, blockDepth) < 0.3 && dominated ? undefined : cuts
    }
    if (next > first) next = roundUp(Math.floor(next / 2), unit)
    else first = roundUp(Math.floor(first / 2), split)
  }
}
