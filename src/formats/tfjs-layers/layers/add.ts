/** Add: any number of tensors, two at a time. */
import { add as addOp } from '../../../graph/ops/add.ts'
import { pairwise } from '../pairwise.ts'

export const add = pairwise('Add', addOp)
