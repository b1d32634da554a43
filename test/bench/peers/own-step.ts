/** A training step of ours, the other side of torch_step.py: CPU and wall milliseconds of each step, as one JSON line. */
import { layers } from '@tensorflow/tfjs-layers'
import { key, normal } from '../../../src/graph/math/random.ts'
import { wasm } from '../../../src/training/backends/wasm/wasm.ts'
import { buildNetwork } from '../../../src/training/networks/build-network.ts'
import { Ensemble } from '../../../src/training/pea/ensemble.ts'

const [name, mix, threads, steps] = process.argv.slice(2) as [string, 'relu' | 'weighted' | 'stochastic', string, string]
const networks: Readonly<Record<string, { use: string; batchSize: number; inputShape: [number, number, number]; classes: number }>> = {
  'mobilenet-0.25': { use: 'mobilenet-v1', batchSize: 64, inputShape: [32, 32, 3], classes: 43 },
  'resnet-20': { use: 'resnet-20', batchSize: 64, inputShape: [32, 32, 3], classes: 43 },
  erfnet: { use: 'erfnet', batchSize: 4, inputShape: [184, 240, 3], classes: 12 },
}
const { use, batchSize, inputShape, classes } = networks[name]!
const activation = (name: string) =>
  mix === 'relu' ? layers.reLU({ name }) : new Ensemble({ name, mix, activation: 'mish', base: 'relu', alpha: 0.5 })
const model = buildNetwork(use, { inputShape, classes, activation, seed: 1 })
const step = await wasm.prepare(model, {
  batchSize,
  optimiser: { name: 'sgd', momentum: 0.9 },
  labelSmoothing: 0.1,
  decayOf: () => 1e-4,
  seed: 1,
  threads: Number(threads),
})
const images = Float32Array.from({ length: batchSize * inputShape.reduce((a, b) => a * b, 1) }, (_, i) => normal(key(1, 'test'), i))
const rows = (model.outputs[0]!.shape.slice(1, -1) as number[]).reduce((a, b) => a * b, 1)
const labels = Int32Array.from({ length: batchSize * rows }, (_, i) => (i * 7) % classes)
const times: [number, number][] = []
let loss = Number.NaN
for (let i = 0; i < 3 + Number(steps); i++) {
  const [cpu, wall] = [process.cpuUsage(), performance.now()]
  loss = step.train({ images, labels, size: batchSize }, { step: i, rate: 0.02 }).loss
  const { user, system } = process.cpuUsage(cpu)
  if (i >= 3) times.push([(user + system) / 1000, performance.now() - wall])
}
step.dispose()
process.stdout.write(`${JSON.stringify({ times, loss, memoryMiB: Math.round(process.resourceUsage().maxRSS / 1024) })}\n`)
