/** What the overlays of this folder compute with: the exports of the WASM module, and the memory that they share. */
import type { Kernel, Operand, Rounding } from '../../graph/ops/define.ts'
import type { LinearMemory } from '../define.ts'

/** Pointers are byte offsets into the memory; `layer` points at the int32 fields that the kernel's own file lists. */
export type Exports = {
  conv(layer: number, x: number, y: number, scratch: number): void
  pointwise(layer: number, x: number, y: number, scratch: number, pixels: number): void
  depthwise(layer: number, x: number, y: number, scratch: number): void
  averagePool(layer: number, x: number, y: number): void
  maxPool(layer: number, x: number, y: number): void
  add(layer: number, a: number, b: number, y: number, count: number): void
  floatConv(layer: number, x: number, y: number, scratch: number): void
  floatPointwise(layer: number, x: number, y: number, scratch: number, pixels: number): void
  floatDepthwise(layer: number, x: number, y: number, scratch: number): void
  products(sums: number, x: number, windows: number, depth: number): void
  channelProducts(sums: number, x: number, windows: number, depth: number, channels: number): void
}

export type FastMemory = LinearMemory & {
  readonly exports: Exports
  /** Where the working space stands that all kernels use in turn; read it when the kernel runs. */
  readonly scratch: number
  /** Makes sure that the working space holds at least so many bytes. */
  needScratch(bytes: number): void
  /** Copies constants into the memory for good; returns their offset. */
  put(values: Int32Array | Int8Array | Float64Array): number
  /** What `pack` makes of weights, or made of the same array in the same form before. */
  packed<T>(weights: Int8Array | Float32Array, form: string, pack: () => T): T
}

/** Weights as kernels read them, by the array that they come from, which must not change: executors that share it pack once. */
export type Packs = WeakMap<Int8Array | Float32Array, { readonly form: string; readonly made: unknown }>

/**
 * An overlay whose kernels run in a memory of this folder's own; `create.ts` makes the executor's overlay of it, and sees to it that
 * operands are int8 with scales (of those in float/, float32), the first input is no constant, and a fused activation is a clamp.
 */
export type FastOverlay = {
  readonly op: string
  prepare(attrs: any, inputs: readonly Operand[], outputs: readonly Operand[], rounding: Rounding, memory: FastMemory): Kernel | undefined
}

/** Types an overlay; returns it as it is. */
export const defineFast = (overlay: FastOverlay): FastOverlay => overlay

/** The constants of a layer with weights, or undefined where they are none. */
export function constants(
  w: Operand | undefined,
  b: Operand | undefined,
): { readonly weights: Int8Array; readonly bias: Int32Array | undefined } | undefined {
  if (!(w?.data instanceof Int8Array) || (b && !(b.data instanceof Int32Array))) return undefined
  return { weights: w.data, bias: b?.data as Int32Array | undefined }
}
