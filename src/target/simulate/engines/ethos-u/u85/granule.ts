/** What every search for a block of the U85 knows. */
import type { Model } from '../numbers.ts'
import { type Dims, type Operation, roundUp } from '../operation.ts'
import type { Accelerator85, MicroBlock } from './numbers.ts'

export type Search = {
  readonly op: Operation
  readonly machine: Accelerator85
  readonly model: Model
  readonly micro: MicroBlock
  /** What blocks are multiples of. */
  readonly granule: Dims
  /** 0 where the input block is as deep as the output block. */
  readonly ifmDepth: number
}

/** Accumulators are kept in slices of so many channels. */
export const ACCUMULATOR_DEPTH = 16

/** Rows or columns of input under `size` of output; `border` is the reach of the kernel, at most a sub-kernel. */
export const reach = (size: number, stride: number, border: number, unit: number): number => roundUp((size - 1) * stride + border, unit)
