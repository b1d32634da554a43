/** The block of least cost for convolutions and products: every block that fits the RAMs is weighed. */
import { dilated } from '../block.ts'
import { area, ceilDiv, clip, type Dims, roundUp, volume } from '../operation.ts'
import { ACCUMULATOR_DEPTH, reach, type Search } from './granule.ts'
import { fetchUnit } from './micro-block.ts'
import { accumulatorBits } from './traversal.ts'

/** Regor computes costs in float32, which decides ties. */
const f = Math.fround

export function volumeBlock(search: Search): { readonly ofm: Dims; readonly ifm: Dims } | undefined {
  // A block that nothing else fits beside runs from one buffer.
  return tryBlocks(search, 2) ?? tryBlocks(search, 1)
}

function tryBlocks(search: Search, buffers: number): { readonly ofm: Dims; readonly ifm: Dims } | undefined {
  const { op, machine, micro, granule } = search
  const ofm = op.ofm.shape
  const equalDepth = search.ifmDepth === 0
  const { height: kh, width: kw, strideY, strideX, dilationY, dilationX } = op.kernel
  const [reachH, reachW] = [dilated(kh, dilationY), dilated(kw, dilationX)]
  const [maxH, maxW] = machine.subKernel
  const enlarges = op.kind === 'enlarging'
  const end = enlarges
    ? enlargedEnd(search)
    : ([0, 1, 2].map((axis) =>
        roundUp(Math.max(Math.min(ofm[axis]!, machine.maxBlock[axis]!), granule[axis]!), micro.shape[axis]!),
      ) as unknown as Dims)
  const [stepH, stepW] = enlarges ? [1, Math.min(granule[1], end[1])] : granule
  const deeper = (depth: number) => (depth < ofm[2] ? roundUp(depth, machine.splitDepth) : depth)
  const accumulators = accumulatorBits(op) / 8
  const weigh = costOf(search)
  let best: { ofm: Dims; ifm: Dims } | undefined
  let [bestCost, bestCoverage] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  const tooLarge = new Set<number>()
  let unit: Dims | undefined
  for (let d = deeper(Math.max(micro.shape[2], Math.min(end[2], machine.splitDepth))); d <= end[2]; d = deeper(d + micro.shape[2])) {
    const inputDepth = equalDepth ? d : search.ifmDepth
    const next = fetchUnit(micro, inputDepth, op.ifm.bits)
    if (unit?.join() !== next.join()) tooLarge.clear()
    unit = next
    const held = roundUp(Math.min(roundUp(inputDepth, unit[2]), equalDepth ? d : op.ifm.shape[2]), unit[2])
    for (let h = stepH; h <= end[0]; h += stepH) {
      for (let w = stepW; w <= end[1]; w += stepW) {
        if (tooLarge.has(h * 1024 + w)) continue
        const rows = reach(h, strideY, Math.min(reachH, maxH), unit[0])
        const columns = reach(w, strideX, Math.min(reachW, maxW), unit[1])
        const fits =
          enlarges ||
          ((rows * columns * held * op.ifm.bits * buffers) / 8 <= machine.inputRamBytes &&
            h * w * roundUp(d, ACCUMULATOR_DEPTH) * accumulators * buffers <= machine.accumulatorRamBytes)
        if (!fits) {
          tooLarge.add(h * 1024 + w)
          continue
        }
        const input: Dims = [rows, columns, roundUp(inputDepth, unit[2])]
        const cost = weigh([h, w, d], input)
        if (cost > bestCost) continue
        if (cost === bestCost) {
          const coverage = f(area(op.ifm.shape) / Math.max(1, area(clip(input, op.ifm.shape))))
          if (coverage > bestCoverage || h > 4 || w > 4) continue
          bestCoverage = coverage
        } else bestCoverage = Number.POSITIVE_INFINITY
        bestCost = cost
        best = { ofm: [h, w, d], ifm: [rows, columns, inputDepth] }
      }
    }
  }
  return best
}

/** Enlarging makes one row of sixteen channels at a time, as wide as its input fits the chaining buffer. */
function enlargedEnd({ op, machine }: Search): Dims {
  const bricks = Math.floor(Math.floor(machine.chainRamBytes / machine.chainSlots) / ((ACCUMULATOR_DEPTH * op.ifm.bits) / 8))
  const [from, to] = [op.ifm.shape[1], op.ofm.shape[1]]
  const common = divisor(from, to)
  const width = Math.ceil(((bricks - 2) * (to / common) + 1) / (from / common))
  return [1, Math.max(1, Math.min(width, machine.maxBlock[1])), ACCUMULATOR_DEPTH]
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))

/** What a block costs for each element of the output: what is read of the input and of the weights. */
function costOf({ op, machine, model, ifmDepth }: Search): (block: Dims, input: Dims) => number {
  const [ofm, ifm, { kernel }] = [op.ofm.shape, op.ifm.shape, op]
  const [kh, kw] = [dilated(kernel.height, kernel.dilationY), dilated(kernel.width, kernel.dilationX)]
  const repeats = ceilDiv(kw, machine.subKernel[1]) * ceilDiv(kh, machine.subKernel[0])
  const elements = volume(ofm)
  const weighed = op.kind === 'convolution' || op.kind === 'vector-product' ? kernel.height * kernel.width : 0
  const old = model === 'regor-5.1'
  // One output element over the whole map: all blocks read the same.
  const whole = !old && weighed > 0 && kh === ifm[0] && kw === ifm[1] && area(ofm) === 1
  const biased = (cost: number, input: Dims) => (volume(ifm) < volume(input) * 2 ? f(cost / 2) : cost)
  return (block, input) => {
    const [h, w, d] = block
    if (old && op.kind === 'vector-product') return biased(f(1 / (h * w)), input)
    if (whole || op.kind === 'enlarging') return biased(f(f(elements) / f(f(h * w) * d)), input)
    const [down, across, deep] = [f(ofm[0] / h), f(ofm[1] / w), f(ofm[2] / d)]
    const full = Math.ceil(down) * Math.ceil(across)
    const weights = f(f(f(weighed * ifm[2]) * full) * f(deep * d))
    const read = f(f(area(input)) * ifm[2] * repeats)
    let fetched = old ? f(f(read * across) * down) : f(read * f(across * down))
    if (ifmDepth > 0) fetched = f(fetched * Math.ceil(deep))
    return biased(f(f(fetched + weights) / f(elements)), input)
  }
}
