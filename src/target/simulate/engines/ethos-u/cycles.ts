/** Cycles of the multipliers and of the output stage for one block (npu-facts 1 and 4.1). */
import type { Block } from './block.ts'
import type { Accelerator, Model, OutputStage } from './numbers.ts'
import { area, ceilDiv, clip, type Dims, type Kernel, type Operation, tiles } from './operation.ts'

/** The block as the multipliers walk it, and its micro-block; one-dimensional convolutions lay two rows out as one. */
export function walked(op: Operation, block: Block, machine: Accelerator, model: Model): { readonly unit: Dims; readonly clipped: Dims } {
  const clipped = clip(block.ofm, op.ofm.shape)
  const [h, , d] = machine.ofmUblock
  const flat = op.kind === 'convolution' || op.kind === 'vector-product' || (model === 'legacy' && op.kind === 'depthwise')
  if (h === 2 && flat && op.ofm.shape[0] === 1 && op.ofm.shape[1] % 2 === 0 && op.kernel.height === 1) {
    return { unit: [1, 4, d], clipped: [1, clipped[1], clipped[2]] }
  }
  return { unit: machine.ofmUblock, clipped }
}

/** Elements of each sub-kernel that the kernel is cut into. */
export function subKernels(kernel: Kernel, [h, w]: readonly [number, number]): number[] {
  const sizes: number[] = []
  for (let x = 0; x < kernel.width; x += w) {
    for (let y = 0; y < kernel.height; y += h) sizes.push(Math.min(kernel.height - y, h) * Math.min(kernel.width - x, w))
  }
  return sizes
}

/** Cycles of the multipliers for one block. */
export function macCycles(op: Operation, block: Block, machine: Accelerator, model: Model): number {
  const { unit, clipped } = walked(op, block, machine, model)
  const [ny, nx, nz] = tiles(clipped, unit)
  const nxy = nx * ny
  const bytes = op.ifm.bits / 8
  const smallest = machine.macsPerCycle === 32
  const wide = block.accumulatorBits === 40
  // The weight decoder gives eight weights a cycle.
  const decode = (32 * unit[2]) / 8
  const ifmDepth = Math.min(block.ifm[2], op.ifm.shape[2])
  const inParts = block.traversal === 'part-kernel'
  const delay = smallest ? (wide ? 7 : 3) : wide && machine.macsPerCycle <= 128 ? 3 : 2

  let total = 0
  for (const e of subKernels(op.kernel, machine.subKernel)) {
    const reads = op.kind === 'pooling' ? 1 : op.kind === 'depthwise' ? ceilDiv(e, 4) : inParts ? ceilDiv(e, op.ifm.bits === 16 ? 2 : 4) : e
    const deep = inParts && op.kind === 'convolution' ? ceilDiv(ifmDepth, 8) : 1
    if (op.kind === 'pooling') total += Math.max(4, e) * nxy * nz * poolFactor(op, smallest, model)
    else total += Math.max(decode, 4 * nxy * (op.kind === 'depthwise' ? bytes : 1)) * reads * nz * deep
    let waits = 0
    if (nxy === 1) waits = nz === 1 ? delay * reads : reads > 1 ? delay * (reads - 1) * nz : 0
    if (smallest && wide && nz > 1 && (nx === 1 || ny === 1)) waits += delay * nz
    total += waits * deep
  }
  if (op.kind === 'convolution' || op.kind === 'vector-product' || op.kind === 'reduce-sum') total *= ceilDiv(op.ifm.shape[2], ifmDepth)
  return model === 'legacy' ? total / machine.cores : Math.floor(total / machine.cores)
}

/** Regor multiplies by bits over two, so by four for int8: it looks like a slip of units, and its figures contain it. */
function poolFactor({ ifm }: Operation, smallest: boolean, model: Model): number {
  if (smallest) return 1
  return model === 'legacy' ? (ifm.bits === 16 ? 2 : 1) : ifm.bits / 2
}

/** Cycles per element of the output stage: the slower of scaling and activation. */
export function outputRate(op: Operation, block: Block, stage: OutputStage, model: Model): number {
  return Math.max(scalingRate(op, block, stage, model), activationRate(op, stage, model))
}

function scalingRate(op: Operation, block: Block, stage: OutputStage, model: Model): number {
  const elementwise = op.kind === 'elementwise'
  if (elementwise && op.ifm.bits === 32) {
    // The two cores of the compiler read this pair of columns the other way round.
    return (op.ifm2 !== undefined) === (model !== 'legacy') ? stage.wide.binary : stage.wide.unary
  }
  if (op.output === 'multiply' && op.ofm.bits === 32) return stage.wide.multiply
  if (op.output === 'multiply' || (!elementwise && block.accumulatorBits === 40)) return stage.multiply
  if (op.output === 'sum') return stage.sum
  return op.output === 'max-pool' ? stage.maxPool : stage.other
}

/** Regor 5.1 charged an operation without fused activation the rate of a table look-up; 5.2 no longer does (npu-facts 1 and 4.8). */
function activationRate(op: Operation, { activation }: OutputStage, model: Model): number {
  return op.activation === 'none' && model === 'regor-5.1' ? activation.lut : activation[op.activation]
}

/** Output blocks as a fraction: all micro-blocks over those of one block. */
export function blockCount(op: Operation, block: Block, machine: Accelerator, model: Model): number {
  const { unit, clipped } = walked(op, block, machine, model)
  if (model === 'legacy') return tiles(op.ofm.shape, clipped).reduce((a, b) => a * b)
  const whole = tiles(op.ofm.shape, unit)
  const one = tiles(clipped, unit)
  return (area(whole) * whole[2]) / (area(one) * one[2])
}
