/** The short recipe for small images, MobileNet and its like: some minutes on two cores. */
import type { Recipe } from '../define.ts'

export const defaultRecipe: Recipe = {
  name: 'default',
  epochs: 15,
  batchSize: 64,
  optimiser: { name: 'sgd', momentum: 0.9 },
  rate: { peak: 0.1, warmUpEpochs: 1, shape: 'cosine' },
  // Not on depthwise kernels, as the paper trains MobileNet (Utasi 2022, Sec. 4.1), and not on batch normalisation.
  decay: { amount: 1e-4, kinds: ['kernel', 'bias'], form: 'l2' },
  labelSmoothing: 0.1,
  crop: 2,
  mirror: true,
  // Epochs 5 to 90 of 120 in the paper.
  phases: { from: 1 / 24, to: 3 / 4 },
}
