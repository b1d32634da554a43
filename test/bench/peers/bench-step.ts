/** The training steps of the bench: networks, batches, and a check of the compiled step against the eager one before anything is timed. */
import { layers } from '@tensorflow/tfjs-layers'
import { key, normal } from '../../../src/graph/math/random.ts'
import type { Backend, Batch, Step } from '../../../src/training/backends/define.ts'
import { eager } from '../../../src/training/backends/eager/eager.ts'
import { wasm } from '../../../src/training/backends/wasm/wasm.ts'
import { buildNetwork } from '../../../src/training/networks/build-network.ts'
import { Ensemble } from '../../../src/training/pea/ensemble.ts'

const networks = {
  'mobilenet-0.25': { use: 'mobilenet-v1', batchSize: 64, inputShape: [32, 32, 3], classes: 43 },
  'resnet-20': { use: 'resnet-20', batchSize: 64, inputShape: [32, 32, 3], classes: 43 },
  erfnet: { use: 'erfnet', batchSize: 4, inputShape: [184, 240, 3], classes: 12 },
} as const
export type NetworkName = keyof typeof networks

export const batchSizeOf = (name: NetworkName): number => networks[name].batchSize

/** `activation` is relu, or a mix and its smooth part, such as weighted-mish; ensembles stand at alpha 0.5. */
async function prepare(
  backend: Backend,
  name: NetworkName,
  activation: string,
  batchSize: number,
  threads: number,
  inputShape: readonly [number, number, number] = networks[name].inputShape,
) {
  const { use, classes } = networks[name]
  const [mix, smooth] = activation.split('-') as ['weighted' | 'stochastic', 'mish' | 'gelu' | 'swish']
  const model = buildNetwork(use, {
    inputShape: [...inputShape],
    classes,
    activation: (name) =>
      activation === 'relu' ? layers.reLU({ name }) : new Ensemble({ name, mix, activation: smooth, base: 'relu', alpha: 0.5 }),
    seed: 1,
  })
  const step = await backend.prepare(model, {
    batchSize,
    optimiser: { name: 'sgd', momentum: 0.9 },
    labelSmoothing: 0.1,
    decayOf: () => 1e-4,
    seed: 1,
    threads,
  })
  const rows = (model.outputs[0]!.shape.slice(1, -1) as number[]).reduce((a, b) => a * b, 1)
  const batch: Batch = {
    images: Float32Array.from({ length: batchSize * inputShape.reduce((a, b) => a * b, 1) }, (_, i) => normal(key(1, 'test'), i)),
    labels: Int32Array.from({ length: batchSize * rows }, (_, i) => (i * 7) % classes),
    size: batchSize,
  }
  return { step, batch }
}

/** Throws unless the first loss of two small images is that of tfjs, operation by operation, to 1e-5; tfjs sums in float32, which many pixels do not bear. */
async function check(name: NetworkName, activation: string, threads: number): Promise<void> {
  const losses: number[] = []
  for (const backend of [wasm, eager]) {
    const { step, batch } = await prepare(backend, name, activation, 2, threads, [32, 32, 3])
    losses.push(step.train(batch, { step: 0, rate: 0.02 }).loss)
    step.dispose()
  }
  const [own, tfjs] = losses as [number, number]
  if (!(Math.abs(own - tfjs) <= 1e-5 * tfjs)) throw new Error(`${name}, ${activation}: loss ${own}, by tfjs ${tfjs}`)
}

export type Timed = { readonly activation: string; readonly times: readonly [cpu: number, wall: number][]; readonly loss: number }

/** CPU and wall milliseconds of `steps` steps of each activation, by turns, so that other work disturbs them alike. */
export async function timeSteps(name: NetworkName, activations: readonly string[], threads: number, steps: number): Promise<Timed[]> {
  const all: { activation: string; step: Step; batch: Batch; times: [number, number][]; loss: number }[] = []
  for (const activation of activations) {
    await check(name, activation, threads)
    all.push({ activation, ...(await prepare(wasm, name, activation, batchSizeOf(name), threads)), times: [], loss: Number.NaN })
  }
  for (let i = 0; i < 3 + steps; i++)
    for (const each of all) {
      const [cpu, wall] = [process.cpuUsage(), performance.now()]
      each.loss = each.step.train(each.batch, { step: i, rate: 0.02 }).loss
      const { user, system } = process.cpuUsage(cpu)
      if (i >= 3) each.times.push([(user + system) / 1000, performance.now() - wall])
    }
  for (const { step, loss, activation } of all) {
    step.dispose()
    if (!Number.isFinite(loss)) throw new Error(`${name}, ${activation} does not train: loss ${loss}`)
  }
  return all.map(({ activation, times, loss }) => ({ activation, times, loss }))
}
