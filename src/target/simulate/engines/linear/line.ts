/** The cycles of one layer by a straight line through its products and its bytes. */
import { bytesPerElement, size } from '../../../../graph/ir/graph.ts'
import type { Layer } from '../define.ts'
import type { Linear } from './numbers.ts'

const bytesOf = ({ inputs, outputs }: Layer): number =>
  [...inputs, ...outputs].reduce((sum, { shape, dtype }) => sum + size(shape) * bytesPerElement(dtype), 0)

/** Undefined for an operator without a room, which has no price. */
export function lineOf(layer: Layer, families: Linear['families']): Readonly<Record<'mac' | 'memory' | 'fixed', number>> | undefined {
  if (layer.family === 'opaque') return undefined
  const { cyclesPerMac, cyclesPerByte, cyclesPerNode } = families[layer.family]
  return { mac: layer.macs * cyclesPerMac, memory: bytesOf(layer) * cyclesPerByte, fixed: cyclesPerNode }
}
