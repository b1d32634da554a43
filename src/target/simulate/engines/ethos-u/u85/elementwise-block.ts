/** The block of elementwise operations: what the output buffer holds; what the chaining buffer holds where an operand is repeated. */
import { clip, type Dims, roundUp, volume } from '../operation.ts'
import type { Search } from './granule.ts'
import { granularTile } from './tile.ts'

/** Elements of one brick. */
const BRICK = 16

/** Moves whole multiples of `available` over to `value`, as long as `required` is left. */
function move(value: number, limit: number, available: number, required: number): [value: number, available: number] {
  const times = Math.min(Math.floor(available / required), Math.floor(limit / value))
  return times >= 2 ? [value * times, Math.floor(available / times)] : [value, available]
}

export function elementwiseBlock({ op, machine, micro, granule }: Search): Dims {
  const [unitH, unitW, unitD] = granule
  const ofm = [0, 1, 2].map((axis) => roundUp(op.ofm.shape[axis]!, granule[axis]!)) as unknown as Dims
  const limit = clip(ofm, machine.maxBlock)
  const bytes = op.ifm.bits / 8
  const bricks = Math.floor(Math.floor(machine.chainRamBytes / machine.chainSlots) / (BRICK * bytes))
  const row = Math.floor((machine.outputRamBytes * 8) / op.ifm.bits / unitD)
  const chained = Math.floor(bricks / micro.shape[0])

  let height = granularTile(ofm[0], unitH, limit[0])
  const required = Math.max(granularTile(ofm[1], unitW, Math.min(row, limit[1])), unitW)
  let [depth, width] = move(unitD, limit[2], row, required)
  const { ifm, ifm2 } = op
  if (ifm2 && volume(ifm.shape) > 1 && volume(ifm2.shape) > 1) {
    const repeats = (axis: number) => ifm.shape[axis]! < op.ofm.shape[axis]! || ifm2.shape[axis]! < op.ofm.shape[axis]!
    if (repeats(2)) {
      depth = granularTile(ofm[2], unitD, limit[2])
      width = chained
      if (!repeats(0) && !repeats(1)) [height, width] = move(micro.shape[0], limit[0], width, required)
    } else if (repeats(0)) [depth, width] = move(BRICK, limit[2], chained, required)
  }
  return [roundUp(height, unitH), roundUp(width, unitW), roundUp(depth, unitD)]
}
