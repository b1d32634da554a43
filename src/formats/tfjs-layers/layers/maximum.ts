/** Maximum: any number of tensors, two at a time. */
import { maximum as maximumOp } from '../../../graph/ops/maximum.ts'
import { pairwise } from '../pairwise.ts'

export const maximum = pairwise('Maximum', maximumOp)
