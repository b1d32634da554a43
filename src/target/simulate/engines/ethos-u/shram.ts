/** Whether the buffers of a block fit the shared RAM (npu-facts 3.7). */
import type { Accelerator, Model } from './numbers.ts'
import { area, ceilDiv, type Dims, type Operation, roundUp, volume } from './operation.ts'
import { accumulatorBits } from './traversal.ts'

export function fitsShram(op: Operation, block: Dims, input: Dims, machine: Accelerator, model: Model): boolean {
  const { granules, bankBytes } = machine
  const elementwise = op.kind === 'elementwise'
  const granule = op.ifm.bits === 32 ? granules.ifm32 : granules.ifm
  const banks = roundUp(ceilDiv(area(input) * roundUp((input[2] * op.ifm.bits) / 8, 8), bankBytes) * 2, granule)
  const end = machine.shramBanks - Math.max(ceilDiv(op.lutBytes, bankBytes), machine.reservedEndBanks)
  if (elementwise) {
    const scalar = [op.ifm, op.ifm2].some((map) => map && volume(map.shape) === 1) && (model === 'legacy' || op.ifm.bits <= 16)
    return machine.reservedOutputBanks + banks + (scalar ? 0 : banks) <= end
  }
  const bits = accumulatorBits(op)
  const accumulators = (area(block) * roundUp(block[2], 8) * bits) / 8
  const held = roundUp(ceilDiv(accumulators, bankBytes) * 2, bits === 40 ? granules.acc40 : granules.acc32)
  return machine.reservedOutputBanks + banks <= end - held
}
