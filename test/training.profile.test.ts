/** What a training says of its kernels: counted operations, times that add up, fallbacks, and the doctor's list. */
import * as tfl from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { key, normal } from '../src/graph/math/random.ts'
import { backendLines, kernelTable } from '../src/stages/kernel-table.ts'
import type { Backend, StepOptions } from '../src/training/backends/define.ts'
import { eager } from '../src/training/backends/eager/eager.ts'
import { backends } from '../src/training/backends/find-backend.ts'
import { wasm } from '../src/training/backends/wasm/wasm.ts'
import { drawWeights } from '../src/training/networks/draw-weights.ts'
import { runCli } from './support/run-cli.ts'

const size = 3
const options: StepOptions = {
  batchSize: size,
  optimiser: { name: 'sgd', momentum: 0.9 },
  labelSmoothing: 0,
  decayOf: () => 0,
  seed: 1,
  threads: 2,
}
const images = Float32Array.from({ length: size * 8 * 8 * 4 }, (_, i) => normal(key(1, 'test'), i))
const labels = Int32Array.from([0, 1, 2])

/** 8 x 8 x 4, a 3 x 3 convolution to 8 channels, a multiplied depthwise one where wanted, 3 classes. */
function make(multiplier: number): tfl.LayersModel {
  const model = tfl.sequential()
  model.add(
    tfl.layers.conv2d({
      inputShape: [8, 8, 4],
      filters: 8,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: 'zeros',
    }),
  )
  model.add(tfl.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: multiplier, depthwiseInitializer: 'zeros' }))
  model.add(tfl.layers.flatten())
  model.add(tfl.layers.dense({ units: 3, kernelInitializer: 'zeros' }))
  drawWeights(model, 1)
  return model
}

async function run(backend: Backend, profile: boolean) {
  const step = await backend.prepare(make(backend === eager ? 2 : 1), { ...options, profile })
  const losses = [0, 1].map((i) => step.train({ images, labels, size }, { step: i, rate: 0.1 }).loss)
  const state = new Map([...step.optimiserState()].map(([name, values]) => [name, values.slice()]))
  const times = step.profile?.()
  step.dispose()
  return { losses, state, times }
}

test.each([wasm, eager])('$name: measured or not, the same bytes, and a time for every kernel', async (backend) => {
  const [plain, measured] = [await run(backend, false), await run(backend, true)]
  expect(plain.times).toBeUndefined()
  expect([measured.losses, measured.state]).toEqual([plain.losses, plain.state])
  const times = measured.times!
  expect(times.map(({ ms }) => ms)).toEqual(times.map(({ ms }) => ms).sort((a, b) => b - a))
  for (const { calls, ms } of times) expect([calls > 0, ms >= 0]).toEqual([true, true])
})

test('the compiled step counts two operations for each product of its convolutions', async () => {
  const { times } = await run(wasm, true)
  const flops = (kernel: string) => times!.find((time) => time.kernel === kernel)!.flops
  // Two steps, `size` images: the convolution, and the dense layer forward and back; the first layer needs no input gradient.
  const [conv, dense, depthwise] = [8 * 8 * 8 * 9 * 4, 6 * 6 * 8 * 3, 6 * 6 * 8 * 9]
  expect(flops('conv')).toBe(2 * 2 * size * (conv + 2 * dense))
  expect(flops('convFilter')).toBe(2 * 2 * size * (conv + dense))
  expect(flops('depthwiseFilter')).toBe(2 * 2 * size * depthwise)
})

test('the table has a row a kernel, shares of the whole, and GFLOP/s where operations are counted', () => {
  const times = [
    { kernel: 'conv', calls: 1200, ms: 30, flops: 6e7 },
    { kernel: 'place', calls: 4, ms: 10, flops: 0 },
  ]
  expect(kernelTable(times).map((line) => line.trim().split(/\s{2,}/))).toEqual([
    ['kernel', 'calls', 'ms', 'share', 'GFLOP/s'],
    ['conv', '1,200', '30.0', '75.0 %', '2.0'],
    ['place', '4', '10.0', '25.0 %'],
    ['all', '1,204', '40.0', '100.0 %'],
  ])
})

test('what fell back is said, with the reason', async () => {
  await run(eager, false)
  expect(backendLines(eager)).toContain('DepthwiseConv2dNativeBackpropFilter fell back: a channel multiplier')
  expect(backendLines(wasm)).toEqual(['trained by the wasm backend; no kernel fell back'])
})

test('doctor tries every backend, says what each gives and how to get it, and what falls back', async () => {
  const { out } = await runCli('doctor', '--json')
  const said = JSON.parse(out).backends as {
    name: string
    ready: boolean
    state: string
    gives: string
    fallbacks: Record<string, string>
  }[]
  expect(said.map(({ name }) => name)).toEqual(backends.map(({ name }) => name))
  for (const { name, ready, state, gives } of said) {
    expect(gives).not.toBe('')
    if (name !== 'tensorflow') expect([ready, state]).toEqual([true, 'ready'])
    else if (!ready) expect(state).toContain('make backend-tensorflow')
  }
  expect(said.find(({ name }) => name === 'tensorflow')!.gives).toContain('not run on a GPU')
  expect(said.find(({ name }) => name === 'eager')!.fallbacks.DepthwiseConv2dNativeBackpropInput).toBe('for a channel multiplier')
})
