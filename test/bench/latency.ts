/** How repeatable a measured latency is: ten runs of LiteRT on this machine, and whether the interval of each covers the median of the others. */
import { loadavg } from 'node:os'
import { measureLatency } from '../../src/device/latency/measure.ts'
import { openRunner, runnerKind } from '../../src/device/open.ts'
import { writeTflite } from '../../src/formats/tflite/write.ts'
import { mobilenetInt8 } from '../samples/mobilenet-int8.ts'

const uri = process.env.PEAPOD_BENCH_RUNNER ?? 'litert:'
const runs = 10
const say = (line: string) => process.stdout.write(`${line}\n`)
const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

async function measure(model: Uint8Array) {
  const runner = await openRunner(uri, { timeoutMs: 60_000 })
  try {
    return (await measureLatency(runner, model, new Uint8Array(32 * 32 * 3))).latency
  } finally {
    await runner.close()
  }
}

const lack = await runnerKind(uri).missing(uri)
if (lack) say(`latency    left out, since ${lack.what}: ${lack.hint}`)
else {
  const model = writeTflite(mobilenetInt8())
  say(`latency    ${runs} runs on ${uri}, load of this machine ${loadavg()[0]!.toFixed(2)} before`)
  const made: Awaited<ReturnType<typeof measure>>[] = []
  for (let n = 0; n < runs; n++) made.push(await measure(model))
  const covers = made.map(({ medianRangeMs: range }, n) => {
    const others = medianOf(made.filter((_, k) => k !== n).map(({ medianMs }) => medianMs))
    return range !== undefined && range[0] <= others && others <= range[1]
  })
  for (const [n, { medianMs, medianRangeMs, runs: count, unstable }] of made.entries()) {
    const range = medianRangeMs?.map((ms) => ms.toFixed(4)).join(' to ')
    say(
      `  run ${String(n + 1).padStart(2)}  median ${medianMs.toFixed(4)} ms (${range}), ${count} inferences, ${covers[n] ? 'covers' : 'misses'} the others’ median${unstable ? `, unstable: ${unstable}` : ''}`,
    )
  }
  const [covered, unstable] = [covers.filter(Boolean).length, made.filter((each) => each.unstable).length]
  say(`latency    ${covered} of ${runs} cover the median of the others (at least 8 asked), ${unstable} unstable (at most 2 asked)`)
  say(`           load ${loadavg()[0]!.toFixed(2)} after`)
}
