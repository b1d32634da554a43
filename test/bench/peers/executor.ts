/**
 * One int8 inference of ours beside LiteRT's on one thread, by turns: LiteRT.js (XNNPACK in WASM), LiteRT native without XNNPACK, and with it as
 * the limit. The fastest and the median milliseconds. Usage: executor.js PYTHON. LiteRT.js takes float inputs and outputs: a QUANTIZE and a
 * DEQUANTIZE stand around the same network, and its tensors are copied in and out.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepareExecutor } from '../../../src/execute/execute.ts'
import { loadFastKernels } from '../../../src/execute/fast/load.ts'
import { readTflite } from '../../../src/formats/tflite/read.ts'
import { writeTflite } from '../../../src/formats/tflite/write.ts'
import { type Graph, size } from '../../../src/graph/ir/graph.ts'
import { loadLiteRtJs } from '../../litert-js/load-litert-js.ts'
import { mobilenetInt8 } from '../../samples/mobilenet-int8.ts'

const python = process.argv[2]!
const program = fileURLToPath(new URL('../../../../../test/bench/peers/litert_execute.py', import.meta.url))
const say = (line: string) => process.stdout.write(`${line}\n`)
const rounds = 4
const seconds = 0.7

async function timed(run: () => unknown): Promise<number[]> {
  for (let i = 0; i < 50; i++) await run()
  const times: number[] = []
  for (const until = performance.now() + 1000 * seconds; performance.now() < until || times.length < 5; ) {
    const from = performance.now()
    const ran = run()
    if (ran instanceof Promise) await ran
    times.push(performance.now() - from)
  }
  return times
}

const native = (file: string, resolver: string): number[] =>
  JSON.parse(execFileSync(python, [program, file, resolver, String(seconds)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))

async function measure(name: string, graph: Graph<'quantised'>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'peapod-peers-'))
  const file = join(folder, 'model.tflite')
  writeFileSync(file, writeTflite(graph))
  const length = size(graph.tensors[graph.inputs[0]!]!.shape)
  const own = prepareExecutor(graph, { fast: loadFastKernels() })
  const steps = Int8Array.from({ length }, (_, i) => (i * 7919) & 255)
  const js = await (await loadLiteRtJs()).compile(writeTflite(graph, { io: 'float32' }))
  const reals = Float32Array.from(steps)
  const runners: Record<string, () => Promise<number[]> | number[]> = {
    Peapod: () => timed(() => own.run([steps])),
    'LiteRT.js': () => timed(() => js.run([reals])),
    'LiteRT without XNNPACK': () => native(file, 'BUILTIN_WITHOUT_DEFAULT_DELEGATES'),
    'LiteRT with XNNPACK': () => native(file, 'BUILTIN'),
  }
  const all = new Map<string, number[]>(Object.keys(runners).map((runner) => [runner, []]))
  for (let round = 0; round < rounds; round++) for (const [runner, run] of Object.entries(runners)) all.get(runner)!.push(...(await run()))
  rmSync(folder, { recursive: true })
  const figures = [...all].map(([runner, times]) => ({ runner, ...fastest(times) }))
  const [ours] = figures
  for (const { runner, least, median } of figures)
    say(`| ${name} | ${runner} | ${least.toFixed(3)} (${median.toFixed(3)}) | ${(ours!.least / least).toFixed(2)} x |`)
}

function fastest(times: number[]): { least: number; median: number } {
  const sorted = times.sort((a, b) => a - b)
  return { least: sorted[0]!, median: sorted[sorted.length >> 1]! }
}

say('')
say('one int8 inference, 1 thread, ms: the fastest (the median); Peapod over the other by the fastest')
say('| network | runtime | ms | Peapod takes |')
say('| --- | --- | --- | --- |')
const resnet = join(process.cwd(), '../shared/models/pretrainedResnet_quant.tflite')
if (existsSync(resnet)) await measure('resnet-8', readTflite(readFileSync(resnet)) as Graph<'quantised'>)
else say(`resnet-8 skipped: no ${resnet}`)
await measure('mobilenet-0.25', mobilenetInt8())
