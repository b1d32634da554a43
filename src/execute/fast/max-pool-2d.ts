/** MAX_POOL_2D. */
import { pool } from './pool.ts'

export const maxPool2d = pool('max-pool-2d', 'maxPool')
