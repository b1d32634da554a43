/** CIFAR as residual networks are trained on it (He et al. 2016, Sec. 4.2): 64k steps of 128 images are 164 epochs of 50k. */
import type { Recipe } from '../define.ts'

export const cifar: Recipe = {
  name: 'cifar',
  epochs: 164,
  batchSize: 128,
  optimiser: { name: 'sgd', momentum: 0.9 },
  // At 32k and 48k steps. One epoch of warm-up is ours.
  rate: { peak: 0.1, warmUpEpochs: 1, shape: 'steps', atEpochs: [82, 123], factor: 0.1 },
  decay: { amount: 1e-4, kinds: ['kernel', 'bias'], form: 'l2' },
  labelSmoothing: 0,
  crop: 4,
  mirror: true,
  phases: { from: 1 / 24, to: 3 / 4 },
}
