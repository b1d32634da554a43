/** A training that was told to stop: its checkpoint is saved, and the same command goes on from it. */
import { exitCodes, UserError } from '../../errors.ts'

export class Interrupted extends UserError {
  override readonly name = 'Interrupted'
  override readonly exitCode = exitCodes.interrupted

  constructor(at: { readonly epoch: number; readonly step: number }) {
    super('interrupted', `Training was interrupted in epoch ${at.epoch + 1} after step ${at.step}.`, {
      hint: 'Run the same command again: it goes on from the checkpoint.',
    })
  }
}
