/** What quantisation did, for a report and for people. */
import type { Mixed, WideForm } from '../quantise/mixed/define.ts'
import type { Tuned } from '../quantise/tune.ts'

export type Quantisation = Pick<Tuned, 'steps' | 'ranges' | 'sqnrDb' | 'mixed'> & {
  /** What is odd about the calibration set or the sums, in words. */
  readonly warnings: readonly string[]
}

/** One line for each step and each warning. */
export function quantisationLines({ steps, ranges, sqnrDb, mixed, warnings }: Quantisation): string[] {
  const methods = Object.entries(ranges).map(([name, count]) => `${name} ${count}`)
  return [
    ...warnings.map((words) => `warning: ${words}`),
    ...steps.map(({ name, says, beforeDb, afterDb, kept }) => {
      const figures = `${beforeDb.toFixed(2)} dB before, ${afterDb.toFixed(2)} dB with it`
      return `${name.padEnd(17)} ${kept ? 'kept' : 'off '}  ${figures}: ${says}`
    }),
    ...(mixed ? mixedLines(mixed) : []),
    `signal to noise of the outputs ${sqnrDb.toFixed(2)} dB; ranges: ${methods.join(', ')}`,
  ]
}

const forms: Readonly<Record<WideForm, string>> = { int16: '16-bit activations and 8-bit weights', float32: 'float' }

/** Which layers stayed wide, and why. */
const mixedLines = ({ keep, budget, share, layers }: Mixed): string[] => [
  `${layers.length || 'no'} layers keep ${forms[keep]}: ${(100 * share).toFixed(1)} % of the multiply-accumulates, of ${(100 * budget).toFixed(1)} % allowed`,
  ...layers.map(
    ({ name, op, aloneDb, gainDb }) =>
      `  ${name} (${op}): in int8 it alone would leave the network at ${aloneDb.toFixed(1)} dB; kept wide it gains ${gainDb.toFixed(2)} dB`,
  ),
]
