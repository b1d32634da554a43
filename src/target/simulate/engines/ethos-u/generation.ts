/** What each generation of the accelerator does in its own way: blocks, cycles, transfers, encoded weights. */
import type { Block } from './block.ts'
import type { Cost, Part, Staging } from './cost.ts'
import type { Lowered } from './maps.ts'
import type { Memory, Operation } from './operation.ts'

export type Bytes = { readonly weights: number; readonly scales: number }

/** How one operation is run. */
export type Plan = {
  readonly block: Block
  /** Slices of the output's depth are multiples of this. */
  readonly leastDepth: number
  /** Two of four weights are zero, and skipped. */
  readonly sparse: boolean
  /** Weights in the format that is decoded faster and takes more room. */
  readonly fast: boolean
  /** Encoded bytes of output channels [from, to). */
  encode(from: number, to: number): Bytes
}

export type Generation = {
  readonly splitDepth: number
  readonly subKernel: readonly [number, number]
  /** Undefined where the accelerator cannot run the operation. `constants` is where its weights lie; `stripe` is the part that it makes at a time. */
  plan(lowered: Lowered, constants: Memory, stripe?: Operation): Plan | undefined
  /** `scaleMemory` is where scales and biases are read from: staging where the weights are staged. */
  cost(op: Operation, plan: Plan, scaleMemory?: Memory, part?: Part): Cost
  access(op: Operation, plan: Plan, staging?: Staging): { readonly sram: number; readonly external: number }
  /** Cycles of a transfer between memories. */
  transfer(from: Memory, to: Memory, bytes: number): number
  /** Cycles until an operation has read so many bytes of weights, or of its input. */
  readWeights(memory: Memory, bytes: number, plan: Plan): number
  readMap(memory: Memory, bytes: number, op: Operation): number
}

/** Each stretch of output channels is encoded once. */
export function remembered(encode: Plan['encode']): Plan['encode'] {
  const known = new Map<string, Bytes>()
  return (from, to) => {
    const name = `${from}-${to}`
    const bytes = known.get(name) ?? encode(from, to)
    known.set(name, bytes)
    return bytes
  }
}
