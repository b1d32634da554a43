/** How an engine's one free parameter came about: fitted to public latencies, with the error of each when left out, or not at all. */
import { z } from 'zod'
import { evidence } from '../../profiles/evidence.ts'

const ms = z.number().positive()
const anchor = z.strictObject({
  evidence,
  network: z.string().min(1).describe('what ran, with its input'),
  measuredMs: z.tuple([ms, ms]).describe('lowest and highest of the published figures'),
  fittedMs: ms.describe('the estimate with the parameter of this file'),
  leftOutMs: ms.optional().describe('the estimate with the parameter fitted to the other anchors; absent where there are none'),
})

export const calibration = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('uncalibrated'), because: z.string().min(1) }),
  z.strictObject({ state: z.literal('fitted'), parameter: z.string(), value: z.number().positive(), anchors: z.array(anchor).min(1) }),
])

export type Calibration = z.infer<typeof calibration>

/** Geometric middle of a published range, which errors in either direction weigh alike. */
export const middleOf = ([low, high]: readonly [number, number]): number => Math.sqrt(low * high)

const percent = (error: number): string => `${Math.round(error * 100)} %`

/** The error of each anchor left out, as |estimate / measured - 1|, smallest first; none with one anchor. */
export const leaveOneOutErrors = (fit: Calibration & { state: 'fitted' }): number[] =>
  fit.anchors
    .flatMap(({ leftOutMs, measuredMs }) => (leftOutMs === undefined ? [] : [Math.abs(leftOutMs / middleOf(measuredMs) - 1)]))
    .sort((a, b) => a - b)

/** What an estimate says of it. */
export function calibrationNote(fit: Calibration): string {
  if (fit.state === 'uncalibrated') return `Uncalibrated: ${fit.because}`
  const names = fit.anchors.map(({ network }) => network).join(', ')
  const errors = leaveOneOutErrors(fit)
  const said = `Calibrated: ${fit.parameter} = ${fit.value} is fitted to the published latencies of ${names}`
  if (errors.length === 0) return `${said}; with one anchor the error of a network that was not fitted is not known.`
  const median = (errors[(errors.length - 1) >> 1]! + errors[errors.length >> 1]!) / 2
  return `${said}; leave-one-out error: median ${percent(median)}, largest ${percent(errors.at(-1)!)}.`
}
