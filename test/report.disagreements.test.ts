/** The page names the classes on which a runner and the executor disagree. */
import { expect, test } from 'vitest'
import { html } from '../src/report/writers/html.ts'
import { longReport } from './samples/long-report.ts'

const title = 'Where a runner and the executor disagree'
const agreement = { runner: 'litert:', samples: 1000, accuracy: 0.9, accuracyHere: 0.9, agreement: 0.985, maxDifference: 9, bitEqual: 0.5 }

test('pairs of classes with how often, the most frequent first; nothing where all agree', async () => {
  const report = longReport(12, 5)
  const classes = ['a<b', 'stop', 'yield', 'slow', 'turn']
  const of = (confusion?: readonly { here: number; there: number; samples: number }[]) =>
    html.write({
      ...report,
      data: { ...report.data, classes },
      runs: [{ runner: 'litert:', agreement: { ...agreement, ...(confusion && { confusion }) } }],
    })
  const said = await of([
    { here: 1, there: 0, samples: 9 },
    { here: 2, there: 4, samples: 6 },
  ])
  const section = String(said).slice(String(said).indexOf(title))
  for (const word of ['litert:', 'stop', 'a&lt;b', 'yield', 'turn', '98.50 %']) expect(section).toContain(word)
  expect(section.indexOf('stop')).toBeLessThan(section.indexOf('yield'))
  expect(String(await of())).not.toContain(title)
})
