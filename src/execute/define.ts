/** What running a graph on this machine means. */
import type { Data, Graph } from '../graph/ir/graph.ts'
import type { Kernel, Operand, Rounding } from '../graph/ops/define.ts'

/** Linear memory that fast kernels share with the executor, which lays its tensors in it: an array's byteOffset is the kernel's pointer. */
export type LinearMemory = {
  /** Changes its identity when the memory grows, so take it only after the last `allocate`. */
  readonly buffer: ArrayBufferLike
  /** Sets bytes aside for good and returns their offset, a multiple of 16; grows the memory where it must. */
  allocate(bytes: number): number
}

/** A faster kernel of the same bits as the room of the same name: int8 or float, by its operands. */
export type Overlay = {
  /** The name of the room. */
  readonly op: string
  /**
   * Prepares a node once: packs the constants (`data` of an operand) into `memory`; undefined where this case is not covered.
   * The kernel gets the arrays of the node's inputs and outputs; those that are not constant lie in `memory`, at 16-byte aligned offsets.
   */
  prepare(attrs: any, inputs: readonly Operand[], outputs: readonly Operand[], rounding: Rounding, memory: LinearMemory): Kernel | undefined
}

/** Sums of x[i] x[j] over windows, in double, each in the order in which the windows come. */
export type Products = {
  /** The next window: `depth` values of each channel, [depth][channels]. */
  add(window: Float32Array): void
  /** [depth][depth], of one channel. */
  matrix(channel: number): Float64Array
}

export type FastKernels = {
  /** By the name of their room. */
  readonly overlays: ReadonlyMap<string, Overlay>
  /** What the overlays compute in. */
  readonly memory: LinearMemory
  /** Sums of products of `depth` values that come together, of each of `channels` by itself. */
  products(depth: number, channels: number): Products
}

export type ExecuteOptions = {
  /** Whose rounding; `tflm` by default. */
  readonly rounding?: Rounding
  /** Faster kernels of the same bits, which stand in for the rooms' own; the rooms' own alone where absent. */
  readonly fast?: FastKernels
  /** Gives every tensor memory of its own, so that all can be read after a run; by default tensors share memory when their lives do not overlap. */
  readonly keepAll?: boolean
}

export type Executor = {
  readonly graph: Graph
  /**
   * One inference. `inputs` holds the elements of each graph input in its own dtype; returns the outputs likewise, valid until the next run.
   * `see` is called with each tensor's index and elements as soon as a node has written it.
   */
  run(inputs: readonly Data[], see?: (tensor: number, data: Data) => void): Data[]
}
