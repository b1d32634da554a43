/** AVERAGE_POOL_2D. */
import { pool } from './pool.ts'

export const averagePool2d = pool('average-pool-2d', 'averagePool')
