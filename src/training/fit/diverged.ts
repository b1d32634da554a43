/** A training whose numbers stopped being numbers. */
import { UserError } from '../../errors.ts'

export const diverged = (where: string, layer: string | undefined): UserError =>
  new UserError('training-diverged', `Training diverged at ${where}: the loss is not a finite number.`, {
    found: layer === undefined ? 'every layer is finite, only the loss is not' : `the first layer with a NaN or an infinity is ${layer}`,
    expected: 'a finite loss',
    hint: 'Lower the rate or lengthen the warm-up; the last good checkpoint is kept.',
  })
