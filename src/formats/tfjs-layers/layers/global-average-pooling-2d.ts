/** GlobalAveragePooling2D: one pool over the whole plane, whose integer rule and price on machines are known exactly, then a reshape. */
import { averagePool2d } from '../../../graph/ops/average-pool-2d.ts'
import { wholePlane } from '../whole-plane.ts'

export const globalAveragePooling2d = wholePlane('GlobalAveragePooling2D', averagePool2d)
