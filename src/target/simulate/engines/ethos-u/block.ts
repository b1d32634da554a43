/** The block search: which piece of the output map the accelerator makes at a time (npu-facts 3). */
import type { Accelerator, Model } from './numbers.ts'
import { area, ceilDiv, clip, type Dims, type Operation, roundUp, tiles, volume } from './operation.ts'
import { fitsShram } from './shram.ts'
import { accumulatorBits, ifmBlockDepth, type Traversal, traversalOf } from './traversal.ts'

export type Block = {
  readonly ofm: Dims
  readonly ifm: Dims
  /** The micro-block. */
  readonly unit: Dims
  readonly traversal: Traversal
  readonly accumulatorBits: 32 | 40 | 48
}

/** Regor computes costs in float32, which decides ties; the legacy core in double. */
const float32 = Math.fround
const double = (x: number): number => x

export const dilated = (kernel: number, dilation: number): number => (kernel - 1) * dilation + 1

/** The block of least cost; undefined where none fits. */
export function searchBlock(op: Operation, machine: Accelerator, model: Model): Block | undefined {
  const legacy = model === 'legacy'
  const round = legacy ? double : float32
  const traversal = traversalOf(op, model)
  const elementwise = op.kind === 'elementwise'
  const equalDepth = elementwise || op.kind === 'pooling' || op.kind === 'depthwise'
  const [unitH, unitW, unitD] = machine.ofmUblock
  const ofm = op.ofm.shape
  // A broadcast reads the larger operand.
  const ifm = op.ifm2 && volume(op.ifm2.shape) > volume(op.ifm.shape) ? op.ifm2.shape : op.ifm.shape
  const larger = { ...op, ifm: { ...op.ifm, shape: ifm } }
  const depthOfIfm = ifmBlockDepth(larger, traversal, machine.ifmUblock[2])
  const { height: kh, width: kw, strideY, strideX, dilationY, dilationX } = op.kernel
  const [maxKernelH, maxKernelW] = machine.subKernel
  const reachH = Math.min(dilated(kh, dilationY), maxKernelH)
  const reachW = Math.min(dilated(kw, dilationX), maxKernelW)
  const repeats = ceilDiv(dilated(kw, dilationX), maxKernelW) * ceilDiv(dilated(kh, dilationY), maxKernelH)
  const weighed = op.kind === 'convolution' || op.kind === 'depthwise' ? kh * kw : 0
  const conv1d = ofm[0] === 1 && kh === 1 && unitH === 2
  const elements = volume(ofm)
  const [factor, extra] = op.upscale ? [2, op.upscale === 'pixels' ? 1 : 0] : [1, 0]
  const space: Dims = [
    roundUp(Math.min(ofm[0], machine.maxBlock[0]), unitH),
    roundUp(Math.min(ofm[1], machine.maxBlock[1]), unitW),
    roundUp(Math.min(ofm[2], machine.maxBlock[2]), unitD),
  ]
  const deeper = (depth: number) => (depth < ofm[2] ? roundUp(depth, machine.splitDepth) : depth)

  let best: Block | undefined
  let bestCost = Number.POSITIVE_INFINITY
  let bestCoverage = Number.POSITIVE_INFINITY
  const tooLarge = new Set<number>()
  for (let d = deeper(Math.max(unitD, Math.min(space[2], machine.splitDepth))); d <= space[2]; d = deeper(d + unitD)) {
    if (legacy) tooLarge.clear()
    for (let h = unitH; h <= space[0]; h += unitH) {
      for (let w = unitW; w <= space[1]; w += unitW) {
        // The legacy core looks up (width, height) where it stored (height, width).
        if (tooLarge.has(legacy ? w * 1024 + h : h * 1024 + w)) continue
        const input: Dims = [
          roundUp(Math.ceil(((h - 1) * strideY + reachH + extra) / factor), unitH),
          roundUp(Math.ceil(((w - 1) * strideX + reachW + extra) / factor), unitW),
          equalDepth ? d : depthOfIfm,
        ]
        const block: Dims = [conv1d ? 1 : h, w, d]
        if (!fitsShram(op, block, input, machine, model)) {
          tooLarge.add(h * 1024 + w)
          continue
        }
        const full = tiles(ofm, block)
        const blocks = [round(ofm[0] / block[0]), round(ofm[1] / block[1]), round(ofm[2] / block[2])] as const
        let weights = round(weighed * ifm[2] * area(full))
        if (op.kind !== 'depthwise') weights = round(weights * round(blocks[2] * d))
        const read = area(input) * ifm[2] * repeats
        let fetched = legacy ? read * (blocks[1] * blocks[0]) : round(round(round(read) * blocks[1]) * blocks[0])
        if (!equalDepth) fetched = round(fetched * full[2])
        let cost = elementwise ? round(elements / round(h * w * d)) : round(round(fetched + weights) / round(elements))
        if (legacy && elementwise) cost = Math.max(cost, 1)
        if (volume(ifm) < volume(input) * 2) cost = round(cost / 2)
        if (cost > bestCost) continue
        if (cost === bestCost) {
          const coverage = round(area(ifm) / Math.max(1, area(clip(input, ifm))))
          if (coverage > bestCoverage || h > 4 || w > 4) continue
          bestCoverage = coverage
        } else bestCoverage = Number.POSITIVE_INFINITY
        bestCost = cost
        best = { ofm: [h, w, d], ifm: input, unit: machine.ofmUblock, traversal, accumulatorBits: accumulatorBits(op) }
      }
    }
  }
  return best
}
