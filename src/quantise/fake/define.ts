/** What quantisation-aware training shares with the quantiser: the ranges of a network's tensors, and what a step makes of them. */
import type { Range } from '../methods/define.ts'
import type { Scheme } from '../scheme.ts'

/** By the index of a tensor in the folded graph, which a network has in every process: those that inputs and nodes write. Layers may lack a lasting name. */
export type LearntRanges = Readonly<Record<number, Range>>

/** Scale and zero point of a tensor, as the file will have them. */
export type Steps = { readonly scale: number; readonly zero: number }

export type FakeQuantisation = {
  /** By the name of a tensor of the folded graph, which is that of the layer behind which it lies. */
  readonly tensors: ReadonlyMap<string, Steps>
  readonly scheme: Scheme
}
