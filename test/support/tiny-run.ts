/** A tiny training through all three phases: stochastic Mish, batch norm, decay, smoothing, momentum; everything drawn from seeds. */
import * as tfl from '@tensorflow/tfjs-layers'
import { key, normal } from '../../src/graph/math/random.ts'
import type { Backend } from '../../src/training/backends/define.ts'
import { startWasm } from '../../src/training/backends/eager/start-wasm.ts'
import { drawWeights } from '../../src/training/networks/draw-weights.ts'
import { Ensemble } from '../../src/training/pea/ensemble.ts'
import { numberEnsembles } from '../../src/training/pea/find-ensembles.ts'
import { planFor } from '../../src/training/pea/plan.ts'

const [side, classes, size, steps, seed] = [8, 4, 16, 10, 3]
const floats = side * side * 3

/** The ten losses. */
export async function tinyRun(backend: Backend): Promise<number[]> {
  await startWasm()
  const ensemble = (name: string) => new Ensemble({ mix: 'stochastic', activation: 'mish', base: 'relu', name })
  const zeros = { kernelInitializer: 'zeros', useBias: false } as const
  const model = tfl.sequential({
    layers: [
      tfl.layers.conv2d({ inputShape: [side, side, 3], filters: 8, kernelSize: 3, padding: 'same', ...zeros }),
      tfl.layers.batchNormalization({ momentum: 0.9 }),
      ensemble('one'),
      tfl.layers.depthwiseConv2d({ kernelSize: 3, strides: 2, padding: 'same', depthwiseInitializer: 'zeros', useBias: false }),
      tfl.layers.batchNormalization({ momentum: 0.9 }),
      ensemble('two'),
      tfl.layers.globalAveragePooling2d({}),
      tfl.layers.dense({ units: classes, kernelInitializer: 'zeros' }),
    ],
  })
  drawWeights(model, seed)
  numberEnsembles(model, seed)
  const plan = planFor(model, { from: 2, to: 7, unit: 'iteration' }, { epochs: 1, stepsPerEpoch: steps })
  const step = await backend.prepare(model, {
    ...{ batchSize: size, optimiser: { name: 'sgd', momentum: 0.9 }, labelSmoothing: 0.1, seed, threads: 1 },
    decayOf: (name) => (/kernel/.test(name) ? 1e-3 : 0),
  })
  const labels = Int32Array.from({ length: size }, (_, n) => n % classes)
  const images = Float32Array.from(
    { length: size * floats },
    (_, i) => normal(key(seed, 'test'), i) + (i % classes === labels[Math.floor(i / floats)]! ? 1 : 0),
  )
  try {
    return Array.from({ length: steps }, (_, i) => {
      plan.set(i)
      return step.train({ images, labels, size }, { step: i, rate: 0.05 }).loss
    })
  } finally {
    step.dispose()
  }
}
