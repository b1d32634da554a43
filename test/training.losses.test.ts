/** Ten recorded losses of a tiny training: what moves them moves every training. */
import { expect, test } from 'vitest'
import { eager } from '../src/training/backends/eager/eager.ts'
import { wasm } from '../src/training/backends/wasm/wasm.ts'
import golden from './golden/losses.json' with { type: 'json' }
import { tinyRun } from './support/tiny-run.ts'

/** Kernels may round otherwise than those that recorded it: an exponential of five terms is 1e-7 off, and ten steps carry that on. */
const tolerance = 1e-3

test.each([eager, wasm])('$name gives the ten losses that were recorded', async (backend) => {
  const losses = await tinyRun(backend)
  expect(golden.losses).toHaveLength(10)
  expect(losses).toHaveLength(10)
  for (const [i, loss] of losses.entries()) expect(Math.abs(loss / golden.losses[i]! - 1), `loss ${i}`).toBeLessThan(tolerance)
  expect(losses[9]!).toBeLessThan(losses[0]! - 0.1)
})
