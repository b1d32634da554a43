/**
 * Training steps against the recorded base (training-base.json). Steps are measured in products of 256 x 256 by 256 x 256 of the same
 * kernels, timed in the same run between them, on one thread, the fastest CPU time of each: so another machine's speed, and most of
 * what else it does, cancels out. `training-step.js [--record] [NETWORK…]` writes the base anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { loadModule } from '../../src/wasm/load.ts'
import { batchSizeOf, type NetworkName, timeSteps } from './peers/bench-step.ts'

type Base = { readonly processor: string; readonly products: Readonly<Record<string, number>> }

const say = (line: string) => process.stdout.write(`${line}\n`)
// The compiled bench lies in dist/bench/test/bench.
const file = new URL('../../../../test/bench/training-base.json', import.meta.url)

/** Milliseconds of a product, one thread: the fastest of 60. */
function productMs(): number {
  const memory = new WebAssembly.Memory({ initial: 32 })
  const { conv, pack } = new WebAssembly.Instance(loadModule('training'), { env: { memory } }).exports as any
  new Float32Array(memory.buffer).fill(0.01, 0, 131_072)
  const [x, w, y, panels] = [1024, 1024 + 262_144, 1024 + 524_288, 1024 + 786_432]
  pack(w, 0, panels, 256, 256, 0, 32)
  const times = Array.from({ length: 60 }, () => {
    const from = process.cpuUsage()
    for (let i = 0; i < 256; i += 16) conv(x + i * 1024, panels, y + i * 1024, 1, 16, 256, 1, 1, 256, 0, 0, 0, 1024, 0, 1024)
    const { user, system } = process.cpuUsage(from)
    return (user + system) / 1000
  })
  return Math.min(...times)
}

const base = JSON.parse(readFileSync(file, 'utf8')) as Base
const only = process.argv.slice(2).filter((arg) => arg !== '--record')
const products: Record<string, number> = {}
say(`processor: ${cpus()[0]!.model}; the base was recorded on ${base.processor}`)
say('a step in products of 256 x 256 x 256, recorded and now')
for (const [network, steps, activations] of [
  [
    'mobilenet-0.25',
    20,
    ['relu', 'weighted-mish', 'weighted-gelu', 'weighted-swish', 'stochastic-mish', 'stochastic-gelu', 'stochastic-swish'],
  ],
  ['resnet-20', 6, ['relu', 'weighted-mish', 'stochastic-mish']],
  ['erfnet', 2, ['relu']],
] as const satisfies [NetworkName, number, string[]][]) {
  if (only.length > 0 && !only.includes(network)) continue
  const before = productMs()
  const timed = await timeSteps(network, activations, 1, steps)
  const product = Math.min(before, productMs())
  for (const { activation, times } of timed) {
    const ms = Math.min(...times.map(([cpu]) => cpu))
    const name = `${network} ${activation}`
    products[name] = Math.round((10 * ms) / product) / 10
    const was = base.products[name]
    const change = was ? `${was.toFixed(1)} then, ${(products[name]! / was).toFixed(2)} x` : 'not recorded'
    const rate = Math.round((1000 * batchSizeOf(network)) / ms)
    say(`${name.padEnd(32)} ${products[name]!.toFixed(1).padStart(8)} products, ${change}; ${ms.toFixed(1)} ms, ${rate} images/s`)
  }
}
say(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`)
if (process.argv.includes('--record')) {
  writeFileSync(file, `${JSON.stringify({ processor: cpus()[0]!.model, products: { ...base.products, ...products } }, null, 2)}\n`)
  say(`recorded in ${file.pathname}`)
}
