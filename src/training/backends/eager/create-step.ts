/** A step of any `tf.LayersModel`, operation by operation on the backend of tfjs that is set. */
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { UserError } from '../../../errors.ts'
import { layersOf } from '../../networks/layers-of.ts'
import { numberEnsembles } from '../../pea/find-ensembles.ts'
import type { Batch, Step, StepOptions } from '../define.ts'
import { Optimiser } from '../optimisers.ts'
import { weightsByName } from '../weight-names.ts'
import { crossEntropy } from './cross-entropy.ts'
import { firstNonFinite } from './first-non-finite.ts'
import { KernelClock } from './kernel-clock.ts'
import { logitsOf } from './logits.ts'
import { standIn } from './stand-in.ts'

/** Layers that draw random numbers of tfjs's own, which no seed repeats. */
const unseeded = ['GaussianNoise', 'GaussianDropout', 'AlphaDropout']

/** tfjs counts the output of a dilated depthwise layer as if it were not dilated, which is right for padding 'same' alone. */
const undilatedShape = (layer: layers.Layer): boolean => {
  const { padding, dilationRate } = layer as unknown as { padding?: string; dilationRate?: number | number[] }
  return layer.getClassName() === 'DepthwiseConv2D' && padding === 'valid' && [dilationRate ?? 1].flat().some((d) => d !== 1)
}

export function refuses(model: LayersModel): string | undefined {
  if (model.inputs.length !== 1 || model.outputs.length !== 1) return 'it has more than one input or output'
  const { shape } = model.outputs[0]!
  if (shape.length !== 2 && shape.length !== 4)
    return `its output has the shape [${shape}], not [batch, classes] or [batch, height, width, classes]`
  if (model.trainableWeights.length === 0) return 'it has no trainable weight'
  const last = model.layers.at(-1)! as unknown as { name: string; axis?: unknown; getClassName(): string }
  if (last.getClassName() === 'Softmax' && ![-1, shape.length - 1].includes(last.axis as number))
    return `the softmax of ${last.name} is not over the classes (axis ${last.axis})`
  const odd = layersOf(model).find(undilatedShape)
  if (odd) return `tfjs gives the dilated layer ${odd.name} an output of the wrong size; pad it by hand, and take padding 'same'`
  const layer = layersOf(model).find((l) => unseeded.includes(l.getClassName()))
  return layer && `${layer.name} draws random numbers that no seed repeats`
}

export function createStep(model: LayersModel, options: StepOptions): Step {
  const ensembles = numberEnsembles(model, options.seed)
  let iteration = 0
  const standDown = standIn(model, { seed: options.seed, step: () => iteration })
  const forward = logitsOf(model)
  const shape = model.inputs[0]!.shape.slice(1) as number[]
  /** Labels of an image. */
  const rows = (model.outputs[0]!.shape.slice(1, -1) as number[]).reduce((a, b) => a * b, 1)
  const weights = weightsByName(model)
  const learning = new Set(model.trainableWeights)
  const trainable = [...weights].filter(([, weight]) => learning.has(weight))
  const optimiser = new Optimiser(
    trainable.map(([name, weight]) => [name, tf.util.sizeFromShape(weight.shape as number[])]),
    options,
  )
  const clock = options.profile ? new KernelClock() : undefined
  const timed = <T>(run: () => T): T => (clock ? clock.during(run) : run())
  const variables = trainable.map(([, { name }]) => tf.engine().registeredVariables[name]!)

  const at = (step: number): void => {
    iteration = step
    for (const ensemble of ensembles) ensemble.step = step
  }
  const imagesOf = (images: Float32Array, size: number): tf.Tensor =>
    tf.tensor(images.slice(0, size * tf.util.sizeFromShape(shape)), [size, ...shape])
  /** One row a label. */
  const rowsOf = (logits: tf.Tensor): tf.Tensor2D => tf.reshape(logits, [-1, logits.shape.at(-1)!])

  return {
    train: ({ images, labels: given, size }, { step, rate }) => {
      const run = () => {
        at(step)
        const labels = given.subarray(0, size * rows)
        const counted = labels.reduce((count, label) => count + (label >= 0 ? 1 : 0), 0)
        let correct = 0
        const { value, grads } = tf.variableGrads(() => {
          const logits = rowsOf(forward(imagesOf(images, size), true))
          for (const [n, top] of tf.argMax(logits, 1).dataSync().entries()) correct += top === labels[n] ? 1 : 0
          return crossEntropy(logits, labels, options.labelSmoothing)
        }, variables)
        const loss = value.dataSync()[0]!
        // The weights stay as they were, for firstNonFinite to find the place.
        if (Number.isFinite(loss))
          for (const [i, [name]] of trainable.entries()) {
            const variable = variables[i]!
            const w = variable.dataSync().slice() as Float32Array
            optimiser.update(name, w, grads[variable.name]!.dataSync(), { step, rate })
            variable.assign(tf.tensor(w, variable.shape))
          }
        return { loss, correct, counted }
      }
      return withinMemory(options.batchSize, () => timed(() => tf.tidy(run)))
    },
    predict: (images, size) =>
      withinMemory(options.batchSize, () => tf.tidy(() => forward(imagesOf(images, size), false).dataSync().slice() as Float32Array)),
    store: () => {},
    load: () => {},
    optimiserState: () => optimiser.state,
    restoreOptimiser: (state) => optimiser.restore(state),
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
    ...(clock && { profile: () => clock.times() }),
    dispose: standDown,
  }
}

/** Names the batch size to try where the heap is full. */
function withinMemory<T>(batchSize: number, run: () => T): T {
  try {
    return run()
  } catch (cause) {
    if (!(cause instanceof UserError) || cause.code !== 'out-of-memory') throw cause
    const smaller = Math.max(1, Math.floor(batchSize / 2))
    const hint = batchSize === 1 ? 'Take smaller images or a smaller network.' : `Try a batch size of ${smaller}.`
    throw new UserError('out-of-memory', `A training step of ${batchSize} images does not fit: ${cause.message}`, { hint, cause })
  }
}
