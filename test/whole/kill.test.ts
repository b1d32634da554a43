/** A deploy killed at 3 seeded points goes on to the same bytes; `make soak` kills it at 50. */
import { expect, test } from 'vitest'
import { isBuilt, killDeploys } from '../support/kill-deploy.ts'

if (!isBuilt) console.log('skipped: kills of a deploy in a process of its own, since this checkout is not built (make build)')

test.skipIf(!isBuilt)(
  'killed at any of 3 points, a deploy goes on to the same bytes',
  async () => {
    const { expected, kills } = await killDeploys(3, 4, '--until', 'quantise', '--set', 'quantise.refine=false')
    expect(expected.length).toBe(3)
    expect(kills.map((k) => k.going.code)).toEqual([0, 0, 0])
    for (const { digests } of kills) expect(digests).toEqual(expected)
    expect(kills.some((k) => k.killed)).toBe(true)
  },
  180_000,
)
