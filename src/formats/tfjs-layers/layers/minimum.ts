/** Minimum: any number of tensors, two at a time. */
import { minimum as minimumOp } from '../../../graph/ops/minimum.ts'
import { pairwise } from '../pairwise.ts'

export const minimum = pairwise('Minimum', minimumOp)
