/** Multiply: any number of tensors, two at a time. */
import { mul as mulOp } from '../../../graph/ops/mul.ts'
import { pairwise } from '../pairwise.ts'

export const multiply = pairwise('Multiply', mulOp)
