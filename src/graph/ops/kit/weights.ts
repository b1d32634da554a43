/** Facts of operators with weights and a bias. */
import type { Operand } from '../define.ts'

/** The largest sum of absolute weights over the output channels of an axis; what accelerators bound so that accumulators do not overflow. */
export function sumAbsWeights({ data, shape }: Operand, axis: number): number {
  if (!data || data instanceof BigInt64Array) return 0
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1)
  const sums = new Float64Array(shape[axis]!)
  for (let i = 0; i < data.length; i++) sums[Math.floor(i / inner) % sums.length]! += Math.abs(data[i]!)
  return sums.reduce((a, b) => Math.max(a, b), 0)
}

export const weightFacts = (w: Operand, b: Operand | undefined, axis: number) => ({
  weightsConstant: w.data !== undefined,
  weightsDtype: w.dtype,
  hasBias: b !== undefined,
  biasConstant: b === undefined || b.data !== undefined,
  biasDtype: b?.dtype ?? 'none',
  ...(w.dtype === 'int8' && { sumAbsWeights: sumAbsWeights(w, axis) }),
})

/** A bias has one entry for each output channel. */
export function checkBias(b: Operand | undefined, channels: number): void {
  if (b && (b.shape.length !== 1 || b.shape[0] !== channels))
    throw new Error(`its bias has the shape [${b.shape}], and must have [${channels}]`)
}
