/** Tables of functions that exist above zero alone: a negative element ends the run, as it does in the references. */
import { UserError } from '../../../errors.ts'
import type { Kernel, Operand } from '../define.ts'
import { zeroOf } from './scale.ts'
import { lookUp } from './unary.ts'

/** `step` gets the steps above the zero point. */
export function lookUpRoot(what: string, x: Operand, y: Operand, step: (value: number) => number): Kernel {
  const zero = zeroOf(x)
  const look = lookUp(y, (q) => (q < zero ? 0 : step(q - zero)))
  return ([xs], ys) => {
    for (let i = 0; i < xs!.length; i++)
      if (xs![i]! < zero)
        throw new UserError('cannot-execute', `${what} met a negative number`, { found: `step ${xs![i]}`, expected: `${zero} or more` })
    look([xs!], ys)
  }
}
