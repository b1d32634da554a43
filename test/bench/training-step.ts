/**
 * Milliseconds a training step of MobileNet-0.25 (32 x 32 x 3, batch 64) on 1 and 2 threads: the fastest of 30, which a busy machine
 * disturbs least. The base is a plain matrix product of the same kernels, timed in the same run.
 */
import { availableParallelism } from 'node:os'
import { key, normal } from '../../src/graph/math/random.ts'
import { wasm } from '../../src/training/backends/wasm/wasm.ts'
import { buildNetwork } from '../../src/training/networks/build-network.ts'
import { Ensemble } from '../../src/training/pea/ensemble.ts'
import { loadModule } from '../../src/wasm/load.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
const batchSize = 64
const stream = key(1, 'test')

/** The base: 256 x 256 by 256 x 256 in our product kernel, one thread, in GFLOP/s: what this machine does now. */
function productRate(): number {
  const memory = new WebAssembly.Memory({ initial: 32 })
  const { conv, pack } = new WebAssembly.Instance(loadModule('training'), { env: { memory } }).exports as any
  new Float32Array(memory.buffer).fill(0.01, 0, 131_072)
  const [x, w, y, panels] = [1024, 1024 + 262_144, 1024 + 524_288, 1024 + 786_432]
  pack(w, 0, panels, 256, 256, 0, 32)
  const times = Array.from({ length: 30 }, () => {
    const from = performance.now()
    for (let i = 0; i < 256; i += 16) conv(x + i * 1024, panels, y + i * 1024, 1, 16, 256, 1, 1, 256, 0, 0, 0, 1024, 0, 1024)
    return performance.now() - from
  })
  return (2 * 256 ** 3) / Math.min(...times) / 1e6
}

async function measure(mix: 'weighted' | 'stochastic', alpha: number, threads: number): Promise<number> {
  const activation = (name: string) => new Ensemble({ name, mix, activation: 'mish', base: 'relu', alpha })
  const model = buildNetwork('mobilenet-v1', { inputShape: [32, 32, 3], classes: 43, activation, seed: 1 })
  const step = await wasm.prepare(model, {
    batchSize,
    optimiser: { name: 'sgd', momentum: 0.9 },
    labelSmoothing: 0.1,
    decayOf: () => 1e-4,
    seed: 1,
    threads,
  })
  const images = Float32Array.from({ length: batchSize * 32 * 32 * 3 }, (_, i) => normal(stream, i))
  const labels = Int32Array.from({ length: batchSize }, (_, i) => i % 43)
  const times: number[] = []
  let loss = Number.NaN
  for (let i = 0; i < 35; i++) {
    const from = performance.now()
    loss = step.train({ images, labels, size: batchSize }, { step: i, rate: 0.02 }).loss
    if (i >= 5) times.push(performance.now() - from)
  }
  step.dispose()
  if (!(loss < Math.log(43))) throw new Error(`the step does not learn: loss ${loss}`)
  return Math.min(...times)
}

const base = productRate()
say(`base: product 256 x 256 x 256, 1 thread: ${base.toFixed(1)} GFLOP/s`)
/** Multiply-adds of a step: forward, input gradient, filter gradient; the stem has no input gradient. */
const macs = (3.3e6 * 3 - 0.22e6) * batchSize
for (const [name, mix, alpha] of [
  ['ReLU (alpha 1)', 'weighted', 1],
  ['weighted Mish', 'weighted', 0.5],
  ['stochastic Mish', 'stochastic', 0.5],
] as const) {
  const one = await measure(mix, alpha, 1)
  const two = availableParallelism() > 1 ? await measure(mix, alpha, 2) : Number.NaN
  const rate = (2 * macs) / one / 1e6
  say(
    `mobilenet-0.25 ${name.padEnd(16)} 1 thread ${one.toFixed(1)} ms (${rate.toFixed(1)} GFLOP/s, ${(rate / base).toFixed(2)} of the base), 2 threads ${two.toFixed(1)} ms, ${(one / two).toFixed(2)} x; ${Math.round((64 / two) * 1000)} images/s`,
  )
}
say(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`)
