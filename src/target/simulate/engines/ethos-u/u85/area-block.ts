/** The block of depthwise operations, pools and sums: a rectangle like the map's, as large as the RAMs hold at each depth. */
import { dilated } from '../block.ts'
import { area, clip, type Dims, roundUp, volume } from '../operation.ts'
import { ACCUMULATOR_DEPTH, reach, type Search } from './granule.ts'
import { fetchUnit } from './micro-block.ts'
import { bestTile } from './tile.ts'
import { accumulatorBits } from './traversal.ts'

const down = (value: number, unit: number): number => Math.floor(value / unit) * unit

type Room = {
  /** Elements that the accumulators and the input RAM hold. */
  readonly accumulators: number
  readonly inputs: number
  /** Accumulators of one micro-block. */
  readonly step: number
  readonly ofm: Dims
  readonly limit: Dims
  inputOf(block: Dims): Dims
}

function roomOf({ op, machine, micro, granule, ifmDepth }: Search): Room {
  const ofm = [0, 1, 2].map((axis) => roundUp(op.ofm.shape[axis]!, granule[axis]!)) as unknown as Dims
  const { height, width, strideY, strideX, dilationY, dilationX } = op.kernel
  const border = [
    Math.min(dilated(height, dilationY), machine.subKernel[0]),
    Math.min(dilated(width, dilationX), machine.subKernel[1]),
  ] as const
  return {
    accumulators: (machine.accumulatorRamBytes * 8) / accumulatorBits(op),
    inputs: (machine.inputRamBytes * 8) / op.ifm.bits,
    step: area(micro.shape) * ACCUMULATOR_DEPTH,
    ofm,
    limit: clip(ofm, machine.maxBlock),
    inputOf([h, w, d]) {
      const unit = fetchUnit(micro, ifmDepth || d, op.ifm.bits)
      return [reach(h, strideY, border[0], unit[0]), reach(w, strideX, border[1], unit[1]), roundUp(ifmDepth || d, unit[2])]
    },
  }
}

export function areaBlock(search: Search): { readonly ofm: Dims; readonly ifm: Dims } {
  const room = roomOf(search)
  const ofm = leaveARow(search, room, largest(search, room))
  return { ofm, ifm: room.inputOf(ofm) }
}

/** The rectangle of the map's aspect with at most `elements` elements, whole granules. */
function rectangle(aspect: number, elements: number, [unitH, unitW]: Dims): [number, number] {
  let width = Math.sqrt(elements / aspect)
  let height = width * aspect
  if (height < 1) [width, height] = [width * height, 1]
  else if (width < 1) [width, height] = [1, height * width]
  return [down(Math.max(Math.floor(height), unitH), unitH), down(Math.max(Math.floor(width), unitW), unitW)]
}

function largest(search: Search, room: Room): Dims {
  const { op, machine, micro, granule, ifmDepth } = search
  const { ofm, limit, accumulators, step } = room
  const pointwise = dilated(op.kernel.height, op.kernel.dilationY) === 1 && dilated(op.kernel.width, op.kernel.dilationX) === 1
  const deepest = Math.min(Math.max(machine.macsPerCycle, Math.floor(accumulators / step)), limit[2])
  const plane = pointwise ? ofm[1] * ofm[2] : area(ofm)
  let best: Dims | undefined
  let bestScore = Number.POSITIVE_INFINITY
  for (let depth = ACCUMULATOR_DEPTH; depth <= deepest; depth += ACCUMULATOR_DEPTH) {
    const block = atDepth(search, room, depth)
    if (!block) break
    const [height, width] = block
    const unitDepth = fetchUnit(micro, ifmDepth || depth, op.ifm.bits)[2]
    const waste = 1 + (unitDepth - (depth % unitDepth || unitDepth)) / unitDepth / 10
    const fit = 1 + Math.abs(1 - limit[2] / depth) / 10
    const score = (1 + Math.abs(1 - plane / (width * (pointwise ? depth : height)))) * fit * waste
    if (score >= bestScore) continue
    ;[best, bestScore] = [block, score]
    if (depth >= ofm[2] && width >= ofm[1] && height >= ofm[0]) return ofm
  }
  return best ?? granule
}

/** The largest block of a depth that both RAMs hold; undefined where none does. */
function atDepth(
  { op, micro, granule, ifmDepth }: Search,
  { ofm, limit, accumulators, inputs, step, inputOf }: Room,
  depth: number,
): Dims | undefined {
  const aspect = ofm[0] / ofm[1]
  const unit = fetchUnit(micro, ifmDepth || depth, op.ifm.bits)
  const whole = volume([0, 1, 2].map((axis) => roundUp(op.ifm.shape[axis]!, unit[axis]!)) as unknown as Dims)
  let budget = accumulators
  let before = -1
  let patience = 25
  for (;;) {
    let [height, width] = rectangle(aspect, Math.floor(budget / depth), granule)
    ;[height, width] = [Math.min(height, limit[0]), Math.min(width, limit[1])]
    const plane = height * width
    if (width < ofm[1]) width = bestTile(ofm[1], granule[1], width)
    height = Math.max(down(Math.floor(plane / width), granule[0]), granule[0])
    const needed = width * height * depth
    const room = accumulators / needed
    let inputRoom = inputs / Math.min(volume(inputOf([height, width, depth])), whole)
    if (room >= 1 && inputRoom >= 1) return [height, width, depth]
    if (needed === before && --patience <= 0) inputRoom = 0.9
    before = needed
    if (inputRoom < 1 && room > 1) budget = Math.min(budget, needed)
    const smaller = Math.max(Math.floor(Math.floor(budget / step) * Math.min(inputRoom, room)), 0) * step
    const next = smaller === budget ? budget - step : smaller
    if (next < step) return undefined
    budget = next
  }
}

/** Where several blocks follow each other, one more row of input must fit beside. */
function leaveARow({ granule, micro, op, model, ifmDepth }: Search, { ofm, inputs, inputOf }: Room, block: Dims): Dims {
  let [height, width, depth] = block
  let forced = 0
  const [unitH, unitW, unitD] = granule
  while (width < ofm[1] || height < ofm[0] || depth < ofm[2]) {
    const free = inputs - volume(inputOf([height, width, depth]))
    if (free >= volume(inputOf([unitH, width, depth]))) break
    const slice = model === 'regor-5.1' ? fetchUnit(micro, ifmDepth || depth, op.ifm.bits)[2] : unitD
    if ((height !== ofm[0] || forced & 2) && height > unitH) height -= unitH
    else if ((depth > width || forced & 1) && depth > slice) depth -= slice
    else if ((width !== ofm[1] || forced & 4) && width > unitW) width -= unitW
    else if (forced !== 7) forced = (forced << 1) | 1
    else if (depth > unitD) depth = Math.max(Math.floor(depth / 2), unitD)
    else break
  }
  return [height, width, depth]
}
