/** Latency: when it is enough, when it is no ground for a verdict, and what a device that slows down makes of it. */
import { expect, test } from 'vitest'
import type { Conditions, Runner, Timing } from '../src/device/define.ts'
import { measureLatency } from '../src/device/latency/measure.ts'
import { medianRange } from '../src/device/latency/median-range.ts'
import { conditionsOf } from '../src/device/runners/conditions.ts'
import { key, uniform } from '../src/graph/math/random.ts'
import { judge } from '../src/report/judge.ts'
import { longReport } from './samples/long-report.ts'

const model = new Uint8Array(8)
const input = new Uint8Array(4)
/** Times by `at`, in milliseconds, by the number of the inference; the clock of the test is not that of the device. */
function timed(at: (n: number) => number, more: Partial<Runner> = {}): Runner & { loads: number; runs: number } {
  const state = { loads: 0, runs: 0 }
  return Object.assign(state, {
    describe: async () => ({ runner: 'timed:', facts: {}, timing: 'measured' as const }),
    load: async () => {
      state.loads++
      return { initMs: 3 }
    },
    invoke: async (_: Uint8Array, count: number) => ({
      outputs: new Uint8Array(count),
      durationsMs: Array.from({ length: count }, () => at(state.runs++)),
    }),
    close: async () => {},
    ...more,
  })
}
const noise = (n: number) => 0.02 * uniform(key(1, 'test', 9), n)

test('a steady device is measured until the count, the time and the width are reached, over many loads', async () => {
  const runner = timed((n) => (n === 0 ? 50 : 2 + noise(n)))
  const { latency } = await measureLatency(runner, model, input, { minRuns: 100, minMs: 400, width: 0.05 })
  expect(latency.unstable).toBeUndefined()
  expect(latency.firstMs).toBe(50)
  expect(latency.initMs).toBe(3)
  expect(latency.runs).toBeGreaterThanOrEqual(200) // 400 ms of 2 ms each
  expect(runner.loads).toBeGreaterThanOrEqual(10)
  const [low, high] = latency.medianRangeMs!
  expect(low).toBeLessThanOrEqual(latency.medianMs)
  expect(high).toBeGreaterThanOrEqual(latency.medianMs)
  expect(high - low).toBeLessThanOrEqual(0.05 * latency.medianMs)
  expect([latency.minMs <= latency.medianMs, latency.p90Ms! <= latency.p95Ms!, latency.p95Ms! <= latency.p99Ms!]).toEqual([
    true,
    true,
    true,
  ])
})

test('two inferences at least, however slow they are', async () => {
  const runner = timed(() => 10)
  const { latency } = await measureLatency(runner, model, input, { minRuns: 1, minMs: 0, maxMs: 0, warmUp: 0 })
  expect(latency.runs).toBeGreaterThanOrEqual(2)
  expect(latency.unstable).toContain('asked')
})

test('a device that drifts is unstable, says why, and gives no verdict', async () => {
  const runner = timed((n) => 1 + n / 400)
  const { latency, description } = await measureLatency(runner, model, input, { minRuns: 50, minMs: 50, maxMs: 300, width: 0.02 })
  expect(latency.unstable).toMatch(/the median is known no better than .* ms, asked is 2 % of it/)
  const run = { runner: 'timed:', measurement: { runner: 'timed:', description, latency } }
  const { verdict: _, ...report } = { ...longReport(3, 2), runs: [run] }
  const [judged] = judge(report, [{ metric: 'runnerMedianMs', atMost: 1e6, missing: 'warn' }]).judgements
  expect(judged).toMatchObject({ outcome: 'warn', value: null, reason: expect.stringContaining('unstable on timed:') })
})

test('blocks that differ widen the interval, which single times would not', () => {
  const steady = medianRange([2, 2.01, 1.99, 2, 2.01, 2, 1.99, 2], 2)
  const moving = medianRange([1.8, 2.2, 1.9, 2.1, 1.7, 2.3, 2, 2], 2)
  expect(steady[1] - steady[0]).toBeLessThan(0.03)
  expect(moving[1] - moving[0]).toBeGreaterThan(0.1)
  expect(medianRange([5], 5)).toEqual([5, 5])
})

test('the interval covers the true median as often as it says, where blocks drift', () => {
  let covered = 0
  for (let n = 0; n < 200; n++) {
    const draw = key(n, 'test', 10)
    const blocks = Array.from({ length: 12 }, (_, i) => 2 + 0.1 * (uniform(draw, i) - 0.5))
    const sorted = [...blocks].sort((a, b) => a - b)
    const [low, high] = medianRange(blocks, (sorted[5]! + sorted[6]!) / 2)
    if (low <= 2 && high >= 2) covered++
  }
  expect(covered / 200).toBeGreaterThan(0.85)
})

test('a governor that changed is told, and so is a clock that fell', async () => {
  const told = (before: Conditions, after: Conditions, at = (n: number) => 2 + noise(n)) => {
    let asked = 0
    const conditions = async () => (asked++ ? after : before)
    return measureLatency(timed(at, { conditions }), model, input, { minRuns: 50, minMs: 20, maxMs: 200 })
  }
  const changed = await told({ governor: 'performance' }, { governor: 'powersave' })
  expect(changed.latency.unstable).toContain('from performance to powersave')
  expect(changed.conditions).toEqual({ before: { governor: 'performance' }, after: { governor: 'powersave' } })
  const hot = { governor: 'ondemand', frequencyMHz: 1000, temperature: 91 }
  const fell = await told({ governor: 'ondemand', frequencyMHz: 1800 }, hot, (n) => 1 + n / 100)
  expect(fell.latency.unstable).toContain('from 1800 to 1000 MHz')
})

test('a runtime that times itself is asked for processes of its own', async () => {
  let processes = 0
  const time = async (_: Uint8Array, { runs }: { runs: number }): Promise<Timing> => {
    const medianMs = 3 + 0.01 * (processes++ % 3)
    return { runs, initMs: 7, firstMs: 20, minMs: 2.9, medianMs, meanMs: medianMs, p95Ms: 3.5, deviationMs: 0.1 }
  }
  const { latency } = await measureLatency(
    timed(() => 1, { time }),
    model,
    input,
    { minRuns: 100, minMs: 100 },
  )
  expect(processes).toBeGreaterThanOrEqual(6)
  expect(latency).toMatchObject({ initMs: 7, firstMs: 20, minMs: 2.9, p95Ms: 3.5 })
  expect(latency.p99Ms).toBeUndefined()
  expect(latency.medianMs).toBeCloseTo(3.01, 2)
})

test('what a machine says of itself is not trusted', () => {
  expect(conditionsOf({ governor: ['performance'], frequency: ['1800000'], temperatures: ['45500', '61234', '-40000'] })).toEqual({
    governor: 'performance',
    frequencyMHz: 1800,
    temperature: 61.2,
  })
  expect(conditionsOf({ governor: ['\u001b[31m'], frequency: ['x'], temperatures: 'hot' })).toBeUndefined()
  expect(conditionsOf(undefined)).toBeUndefined()
})
