/** The eager backend: any `tf.LayersModel`, operation by operation on tfjs WASM. */
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { layersOf } from '../../networks/layers-of.ts'
import { numberEnsembles } from '../../pea/find-ensembles.ts'
import type { Backend, Batch, Step, StepOptions } from '../define.ts'
import { weightsByName } from '../weight-names.ts'
import { crossEntropy } from './cross-entropy.ts'
import { firstNonFinite } from './first-non-finite.ts'
import { logitsOf } from './logits.ts'
import { registerGradients } from './register-gradients.ts'
import { standIn } from './stand-in.ts'
import { startWasm } from './start-wasm.ts'

/** Layers that draw random numbers of tfjs's own, which no seed repeats. */
const unseeded = ['GaussianNoise', 'GaussianDropout', 'AlphaDropout']

function refuses(model: LayersModel): string | undefined {
  if (model.inputs.length !== 1 || model.outputs.length !== 1) return 'it has more than one input or output'
  if (model.outputs[0]!.shape.length !== 2) return `its output has the shape [${model.outputs[0]!.shape}], not [batch, classes]`
  if (model.trainableWeights.length === 0) return 'it has no trainable weight'
  const layer = layersOf(model).find((l) => unseeded.includes(l.getClassName()))
  return layer && `${layer.name} draws random numbers that no seed repeats`
}

async function prepare(model: LayersModel, options: StepOptions): Promise<Step> {
  await startWasm()
  registerGradients()
  const ensembles = numberEnsembles(model, options.seed)
  let iteration = 0
  const standDown = standIn(model, { seed: options.seed, step: () => iteration })
  const forward = logitsOf(model)
  const shape = model.inputs[0]!.shape.slice(1) as number[]
  const weights = weightsByName(model)
  const trainable = [...weights].filter(([, { trainable }]) => trainable)
  const momentum = new Map(trainable.map(([name, w]) => [name, new Float32Array(tf.util.sizeFromShape(w.shape as number[]))]))
  const variables = trainable.map(([, { name }]) => tf.engine().registeredVariables[name]!)

  const at = (step: number): void => {
    iteration = step
    for (const ensemble of ensembles) ensemble.step = step
  }
  const imagesOf = (images: Float32Array, size: number): tf.Tensor =>
    tf.tensor(images.slice(0, size * tf.util.sizeFromShape(shape)), [size, ...shape])

  /** v = momentum v + gradient + decay w; w = w - rate v, as PyTorch and Keras have it. */
  function update(name: string, variable: tf.Variable, gradient: tf.Tensor, rate: number): void {
    const v = momentum.get(name)!
    const w = variable.dataSync().slice() as Float32Array
    const g = gradient.dataSync()
    const decay = options.decayOf(name)
    for (let i = 0; i < v.length; i++) {
      v[i] = options.optimiser.momentum * v[i]! + g[i]! + decay * w[i]!
      w[i]! -= rate * v[i]!
    }
    variable.assign(tf.tensor(w, variable.shape))
  }

  return {
    train: ({ images, labels, size }, { step, rate }) =>
      tf.tidy(() => {
        at(step)
        let correct = 0
        const { value, grads } = tf.variableGrads(() => {
          const logits = forward(imagesOf(images, size), true)
          for (const [n, top] of tf.argMax(logits, 1).dataSync().entries()) correct += top === labels[n] ? 1 : 0
          return crossEntropy(logits, labels.subarray(0, size), options.labelSmoothing)
        }, variables)
        const loss = value.dataSync()[0]!
        // The weights stay as they were, for firstNonFinite to find the place.
        if (Number.isFinite(loss))
          for (const [i, [name]] of trainable.entries()) update(name, variables[i]!, grads[variables[i]!.name]!, rate)
        return { loss, correct }
      }),
    predict: (images, size) => tf.tidy(() => forward(imagesOf(images, size), false).dataSync().slice() as Float32Array),
    store: () => {},
    load: () => {},
    optimiserState: () => momentum,
    restoreOptimiser(state) {
      for (const [name, values] of momentum) values.set(state.get(name)!)
    },
    firstNonFinite({ images, size }: Batch, { step }) {
      at(step)
      const batch = imagesOf(images, size)
      const moving = [...weights.values()].filter((w) => !w.trainable).map((w) => [w, w.read().clone()] as const)
      try {
        if (!images.subarray(0, batch.size).every(Number.isFinite)) return model.layers[0]!.name
        return firstNonFinite(model, () => forward(batch, true))
      } finally {
        for (const [weight, before] of moving) {
          weight.write(before)
          before.dispose()
        }
        batch.dispose()
      }
    },
    dispose: standDown,
  }
}

export const eager: Backend = { name: 'eager', refuses, prepare }
