/** Which way the U85 walks a convolution, and how deep a block of its input is (npu-facts 4.6). */
import type { Model } from '../numbers.ts'
import { type Operation, roundUp } from '../operation.ts'
import type { Accelerator85, MicroBlock } from './numbers.ts'

/** Regor 5.1 ran dense layers as products of vectors, depth first; 5.2 runs them as convolutions. */
export const convolves = ({ kind }: Operation, model: Model): boolean =>
  kind === 'convolution' || (kind === 'vector-product' && model !== 'regor-5.1')

/** Kernel elements first where that fills the multipliers at least as well as depth first. */
export function kernelFirst({ ifm, kernel }: Operation, sparse: boolean): boolean {
  const depth = ifm.shape[2]
  const elements = kernel.height * kernel.width
  const [step, least] = sparse ? [10, 4] : [5, 2]
  const steps = Math.floor(elements / step) * step + Math.max(elements % step, least)
  return (depth / roundUp(depth, 16)) * (elements / steps) >= depth / roundUp(depth, sparse ? 128 : 64)
}

export function ifmBlockDepth(op: Operation, machine: Accelerator85, { shape }: MicroBlock, partKernel: boolean, sparse: boolean): number {
  if (partKernel) return 16
  if (op.ifm.bits === 32 || (machine.macsPerCycle <= 256 && shape[2] === 16 && !sparse)) return 32
  return sparse && op.ifm.bits === 8 ? 128 : 64
}

/** Where 16-bit inputs of multiplying operations are rescaled. */
export const wideAccumulator = (op: Operation): boolean =>
  op.ifm.bits === 16 && op.kind !== 'pooling' && op.kind !== 'reduce-sum' && op.scaled

/** Bits that an accumulator takes in its RAM. */
export const accumulatorBits = (op: Operation): number => (wideAccumulator(op) ? 64 : 32)
