/** 50,000 damaged files, of five of ours and of other tools' where they are there. PEAPOD_SOAK_MUTATIONS chooses another number. */
import { expect, test } from 'vitest'
import { foreignFiles, seedFiles, survive } from '../support/tflite-mutations.ts'

const count = Number(process.env.PEAPOD_SOAK_MUTATIONS ?? 50_000)

test(`${count} mutations are refused with a code or read, each under a second and within its memory`, () => {
  // Behind those of `make test`.
  const { seen, mostMs, mostExtraBytes } = survive([...seedFiles(), ...foreignFiles()], count, 2000)
  process.stdout.write(
    `${JSON.stringify(seen)}; at most ${mostMs.toFixed(0)} ms and 16 x file + ${(mostExtraBytes / 2 ** 20).toFixed(1)} MiB\n`,
  )
  expect(Object.values(seen).reduce((a, b) => a + b, 0)).toBe(count)
  expect(Object.keys(seen).length).toBeGreaterThan(3)
}, 3_600_000)
