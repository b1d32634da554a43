/** What the scheduler works on: the operations in their order, the maps between them, and how each operation is to run. */
import type { Generation, Plan } from '../generation.ts'
import type { Lowered } from '../maps.ts'
import type { Memories } from '../memories.ts'
import type { Model } from '../numbers.ts'
import type { Dims, FeatureMap, Operation } from '../operation.ts'

/** A feature map of the network, with all names under which reshapes and joins know it. */
export type Stored = {
  readonly tensor: number
  readonly bytes: number
  readonly linear: boolean
  /** Whether it is an input or output of the network. */
  readonly border: boolean
  readonly output: boolean
  readonly cpuReads: boolean
  readonly cpuWrites: boolean
  /** Positions of the steps that write and read it. */
  readonly writers: readonly number[]
  readonly readers: readonly number[]
}

/** One operation of the accelerator, or one that the CPU runs, which empties the fast memory. */
export type Step = {
  readonly index: number
  readonly node: number
  /** Absent where the CPU runs it. */
  readonly run?: {
    readonly lowered: Lowered
    /** With all maps where they lie before any is moved to fast memory, and weights in theirs. */
    readonly op: Operation
    readonly plan: Plan
    /** The map along which it can be cut into stripes. */
    readonly primary: FeatureMap
  }
  /** Maps of the network that it reads, in its order, and the one that it leaves. */
  readonly reads: readonly FeatureMap[]
  readonly writes?: FeatureMap
}

export type Machine = {
  readonly generation: Generation
  readonly memories: Memories
  readonly model: Model
  readonly steps: readonly Step[]
  readonly maps: ReadonlyMap<number, Stored>
}

/** What the scheduler expects of an operation; bytes and cycles. */
export type Expected = {
  readonly inputBytes: number
  readonly inputReadBytes: number
  readonly inputCycles: number
  readonly weightReadBytes: number
  readonly weightCycles: number
  /** The operation, its weights at hand, and with the transfers that nothing hides. */
  readonly runCycles: number
  readonly fullCycles: number
  readonly visibleCycles: number
  readonly lastCycles: number
}

/** Weights brought to fast memory, whole or in slices of depth. */
export type Buffer = {
  readonly double: boolean
  /** Bytes of the one or two parts. */
  readonly parts: readonly [number, number]
  /** Whether the first slice comes in while the previous operation runs. */
  readonly early: boolean
}

/** Operations that run together, stripe by stripe: between them lie rolling buffers in fast memory. */
export type Cascade = {
  readonly start: number
  readonly end: number
  /** Bytes of its own, and with all that lives beside it. */
  readonly localBytes: number
  readonly bytes: number
  /** Bytes of the rolling buffer that each step reads, by its index. */
  readonly buffers: ReadonlyMap<number, number>
}

/** How one step runs; the scheduler makes new ones of old ones. */
export type Running = {
  readonly plan: Plan
  /** The output that one stripe makes, and what that takes of the input. */
  readonly stripe: Dims
  readonly input: Dims
  /** Cycles of the whole operation. */
  readonly cycles: number
  readonly refetch: number
  readonly expected: Expected
  readonly cascade?: Cascade
  /** Whether its result takes the place of the rolling buffer that it reads. */
  readonly inPlace?: boolean
  readonly slices: readonly number[]
  readonly buffer?: Buffer
  /** What it leaves to its successor: cycles to hide a transfer under, and room for it. */
  readonly slackCycles: number
  readonly slackBytes: number
  /** Cycles to bring all its weights. */
  readonly transferCycles: number
}

export type Schedule = readonly (Running | undefined)[]
