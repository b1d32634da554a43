/** A deploy killed at 50 seeded points goes on to the same bytes. PEAPOD_SOAK_SEED chooses other points, PEAPOD_SOAK_POINTS how many. */
import { expect, test } from 'vitest'
import { isBuilt, killDeploys } from '../support/kill-deploy.ts'

const points = Number(process.env.PEAPOD_SOAK_POINTS ?? 50)
const seed = Number(process.env.PEAPOD_SOAK_SEED ?? 1)

test(`killed at any of ${points} points of seed ${seed}, a deploy goes on to the same bytes`, async () => {
  expect(isBuilt).toBe(true)
  const { expected, kills } = await killDeploys(points, seed, '--set', 'train.epochs=30')
  const wrong = kills.filter((k) => k.going.code !== 0 || k.digests.join() !== expected.join())
  expect(wrong.map((k) => ({ afterMs: k.afterMs, code: k.going.code, err: k.going.err.slice(-300) }))).toEqual([])
  const died = kills.filter((k) => k.killed)
  expect(died.length).toBeGreaterThan(points / 2)
  expect(died.some((k) => k.going.err.includes('going on from the checkpoint'))).toBe(true)
  expect(died.some((k) => k.going.err.includes('(kept in'))).toBe(true)
}, 3_600_000)
