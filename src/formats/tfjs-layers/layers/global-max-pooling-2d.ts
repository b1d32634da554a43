/** GlobalMaxPooling2D: one pool over the whole plane, then a reshape. */
import { maxPool2d } from '../../../graph/ops/max-pool-2d.ts'
import { wholePlane } from '../whole-plane.ts'

export const globalMaxPooling2d = wholePlane('GlobalMaxPooling2D', maxPool2d)
