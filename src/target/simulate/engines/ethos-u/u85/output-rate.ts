/** Cycles per element of the U85's output stage; chained operations pass it one after the other (npu-facts 4.6). */
import type { Activation, Operation } from '../operation.ts'
import type { OutputStage85 } from './numbers.ts'

type Pass = { readonly input: number; readonly output: number; readonly binary: boolean; readonly stays: boolean }

function scaling({ input, output, binary, stays }: Pass, stage: OutputStage85): number {
  if (stays && (output === 32 || input === 32)) return stage.wideChained
  if (output === 64) return stage.to64
  if (binary && input === 32) return output === 32 ? stage.wideBinary : stage.wideChained
  return output === 32 ? stage.to32 : output === 16 ? stage.to16 : stage.to8
}

const fused = (activation: Activation, turned: boolean, { activation: rates }: OutputStage85): number =>
  turned ? rates.half : activation === 'none' ? 0 : rates.full

export function outputRate85(op: Operation, stage: OutputStage85): number {
  const chain = op.chain ?? []
  const turned = op.turned ?? false
  const first: Pass = {
    input: op.ifm.bits,
    output: op.bitsBeforeTable ?? op.ofm.bits,
    binary: op.kind === 'elementwise' && op.ifm2 !== undefined,
    stays: chain.length > 0 || op.activation !== 'none',
  }
  const own = op.kind === 'enlarging' ? enlarging(op, stage) : op.copies && op.activation !== 'none' ? 0 : scaling(first, stage)
  return chain.reduce(
    (sum, { bits, binary, activation }, i) =>
      sum +
      Math.max(scaling({ ...bits, binary, stays: i < chain.length - 1 || activation !== 'none' }, stage), fused(activation, false, stage)),
    Math.max(own, fused(op.activation, turned, stage)),
  )
}

/** Large factors make more of what was read. */
function enlarging({ ifm, ofm }: Operation, { enlarged }: OutputStage85): number {
  const factor = (axis: 0 | 1) => Math.floor((ofm.shape[axis] + Math.floor(ifm.shape[axis] / 2)) / ifm.shape[axis])
  const high = Math.min(factor(0), factor(1)) >= enlarged.highFrom
  return ifm.bits === 8 ? (high ? enlarged.high8 : enlarged.low8) : high ? enlarged.high16 : enlarged.low16
}
