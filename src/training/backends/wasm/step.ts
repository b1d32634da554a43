/** A compiled training step: weights live in the engine's memory, JavaScript writes a batch and the knobs, threads run the programs. */
import { tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { assert, UserError } from '../../../errors.ts'
import { loadModule } from '../../../wasm/load.ts'
import { createPool, sharedMemory } from '../../../wasm/pool.ts'
import { numberEnsembles } from '../../pea/find-ensembles.ts'
import type { Batch, Step, StepOptions } from '../define.ts'
import { ratesAt } from '../optimisers.ts'
import { writeState } from './activation.ts'
import { compile } from './compile.ts'
import { Profiler } from './profiler.ts'
import type { Region } from './region.ts'
import type { Site } from './topology.ts'

export async function createStep(sites: readonly Site[], model: LayersModel, options: StepOptions): Promise<Step> {
  numberEnsembles(model, options.seed)
  const dropouts = model.layers.filter((layer) => layer.getClassName() === 'Dropout')
  const compiled = compile(sites, model, options)
  const { parameters, knobs, images, logits, floatsPerImage, rows, classes, marks, lossStage } = compiled
  const memory = allocate(compiled.bytes, options.batchSize, (batchSize) => compile(sites, model, { ...options, batchSize }).bytes)
  const pool = await createPool(loadModule('training-shared'), memory, { threads: options.threads })
  const train = pool.add(compiled.train)
  const predict = pool.add(compiled.predict)
  const profiler = options.profile ? new Profiler(loadModule('training-shared'), memory) : undefined
  const runTrain = (from: number, to = compiled.train.length) =>
    profiler ? profiler.run(compiled.train, from, to) : pool.run(train, from, to)
  const view = new DataView(memory.buffer)
  const floats = ({ address, bytes }: Region) => new Float32Array(memory.buffer, address, bytes / 4)
  const input = floats(images)
  const labels = new Int32Array(memory.buffer, knobs.labels.address, knobs.labels.bytes / 4)

  const moments = parameters.all.flatMap((parameter) => [...(parameter.moments ?? [])])

  const writeStates = (step: number) => {
    for (const [site, state] of compiled.states) writeState(view, state, site, dropouts.indexOf(site.layer), options.seed, step)
  }
  const writeBatch = (batch: Batch, step: number) => {
    assert(batch.size === options.batchSize && batch.images.length >= input.length, 'a training batch is full')
    input.set(batch.images.length === input.length ? batch.images : batch.images.subarray(0, input.length))
    labels.set(batch.labels.length === labels.length ? batch.labels : batch.labels.subarray(0, labels.length))
    const counted = labels.reduce((count, label) => count + (label >= 0 ? 1 : 0), 0)
    view.setFloat32(knobs.share.address, counted > 0 ? 1 / counted : 0, true)
    writeStates(step)
    return counted
  }
  const readLoss = (counted: number) => {
    let [loss, correct] = [0, 0]
    for (let p = knobs.losses.address; p < knobs.losses.address + knobs.losses.bytes; p += 16) {
      loss += view.getFloat64(p, true)
      correct += view.getFloat64(p + 8, true)
    }
    return { loss: counted > 0 ? loss / counted : 0, correct, counted }
  }

  const step: Step = {
    train(batch, { step, rate }) {
      const counted = writeBatch(batch, step)
      for (const [i, value] of ratesAt(options.optimiser, step, rate).entries()) view.setFloat32(knobs.rates.address + 4 * i, value, true)
      runTrain(0, lossStage)
      const result = readLoss(counted)
      // With a loss that is not finite the weights stay as they were, so that firstNonFinite can find where it began.
      if (Number.isFinite(result.loss)) runTrain(lossStage)
      return result
    },
    predict(given, size) {
      assert(size <= options.batchSize, 'a batch to predict is at most as large as the step was made for')
      input.fill(0)
      input.set(given.subarray(0, size * floatsPerImage))
      writeStates(0)
      pool.run(predict)
      return floats(logits).slice(0, size * rows * classes)
    },
    store() {
      for (const { variable, weight, shape } of parameters.all) {
        const value = tensor(floats(weight).slice(), shape as number[], 'float32')
        variable.write(value)
        value.dispose()
      }
    },
    load() {
      for (const { variable, weight } of parameters.all) floats(weight).set(variable.read().dataSync() as Float32Array)
    },
    optimiserState: () => new Map(moments.map(([name, held]) => [name, floats(held).slice()])),
    restoreOptimiser(state) {
      for (const [name, held] of moments) {
        const values = state.get(name)
        if (values) floats(held).set(values)
      }
    },
    firstNonFinite(batch, { step }) {
      writeBatch(batch, step)
      let done = 0
      for (const { layer, region, floats: count, stage } of marks) {
        if (stage > done) pool.run(train, done, stage)
        done = Math.max(done, stage)
        if (!new Float32Array(memory.buffer, region.address, count).every(Number.isFinite)) return layer
      }
      return undefined
    },
    ...(profiler && { profile: () => profiler.times() }),
    dispose: () => void pool.dispose(),
  }
  step.load()
  return step
}

const most = 2 ** 32

/** `bytesOf` says what a step of another batch size needs. */
function allocate(bytes: number, batchSize: number, bytesOf: (batchSize: number) => number): WebAssembly.Memory {
  const refuse = (cause?: unknown) => {
    let fits = Math.floor(batchSize / 2)
    while (fits > 0 && bytesOf(fits) > most) fits = Math.floor(fits / 2)
    return new UserError('out-of-memory', `A training step of ${batchSize} images needs ${Math.ceil(bytes / 2 ** 20)} MiB.`, {
      hint: fits > 0 ? `Try a batch size of ${fits}.` : 'Take smaller images or a smaller network.',
      expected: 'at most 4096 MiB, and as much free memory',
      cause,
    })
  }
  if (bytes > most) throw refuse()
  try {
    return sharedMemory(bytes)
  } catch (cause) {
    throw refuse(cause)
  }
}
