// The charts in the order of the page: one line each.
import { accuracyCurve } from './accuracy-curve.ts'
import { arena } from './arena.ts'
import { beside } from './beside.ts'
import { confusion } from './confusion.ts'
import { cycles } from './cycles.ts'
import type { Chart } from './define.ts'
import { latency } from './latency.ts'
import { lossCurve } from './loss-curve.ts'
import { noise } from './noise.ts'
import { roofline } from './roofline.ts'

export const charts: readonly Chart[] = [accuracyCurve, lossCurve, confusion, noise, cycles, roofline, arena, beside, latency]
