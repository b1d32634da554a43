/** Which way the accelerator walks a convolution, and how deep a block of its input is. */
import type { Model } from './numbers.ts'
import { type Operation, roundUp } from './operation.ts'

export type Traversal = 'depth-first' | 'part-kernel' | 'depthwise'

/** npu-facts 3.1: kernel elements first where that fills the multipliers at least as well as depth first. */
export function traversalOf(op: Operation, model: Model): Traversal {
  const legacy = model === 'legacy'
  if (op.kind !== 'convolution' && !(legacy && op.kind === 'depthwise')) return op.kind === 'depthwise' ? 'depthwise' : 'depth-first'
  const depth = op.ifm.shape[2]
  const walked = partKernel(depth, op.kernel.height * op.kernel.width, op.ifm.bits, legacy)
  return walked ? 'part-kernel' : op.kind === 'depthwise' ? 'depthwise' : 'depth-first'
}

function partKernel(depth: number, elements: number, bits: number, legacy: boolean): boolean {
  if (depth <= 8) return true
  const part = (depth / roundUp(depth, 8)) * (elements / roundUp(elements, bits === 8 ? 4 : 2))
  const first = depth / roundUp(depth, bits === 8 ? 32 : 16)
  return legacy ? part > first : part >= first
}

/** npu-facts 3.2; equal-depth operations take the output block's depth instead. */
export function ifmBlockDepth(op: Operation, traversal: Traversal, ublockDepth: number): number {
  const depth = op.ifm.shape[2]
  if (op.ifm.bits === 16) return roundUp(Math.min(depth, 16), 4)
  return roundUp(Math.min(depth, traversal === 'part-kernel' ? 16 : 32), ublockDepth)
}

/** Acc40 where 16-bit inputs of multiplying operations are rescaled. */
export const accumulatorBits = (op: Operation): 32 | 40 => (op.ifm.bits === 16 && op.kind !== 'pooling' && op.scaled ? 40 : 32)
