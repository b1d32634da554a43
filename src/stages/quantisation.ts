/** What quantisation did, for a report and for people. */
import type { Tuned } from '../quantise/tune.ts'

export type Quantisation = Pick<Tuned, 'steps' | 'ranges' | 'sqnrDb'> & {
  /** What is odd about the calibration set or the sums, in words. */
  readonly warnings: readonly string[]
}

/** One line for each step and each warning. */
export function quantisationLines({ steps, ranges, sqnrDb, warnings }: Quantisation): string[] {
  const methods = Object.entries(ranges).map(([name, count]) => `${name} ${count}`)
  return [
    ...warnings.map((words) => `warning: ${words}`),
    ...steps.map(({ name, says, beforeDb, afterDb, kept }) => {
      const figures = `${beforeDb.toFixed(2)} dB before, ${afterDb.toFixed(2)} dB with it`
      return `${name.padEnd(17)} ${kept ? 'kept' : 'off '}  ${figures}: ${says}`
    }),
    `signal to noise of the outputs ${sqnrDb.toFixed(2)} dB; ranges: ${methods.join(', ')}`,
  ]
}
