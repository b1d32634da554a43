/** Cityscapes as the paper trains ERFNet (Utasi 2022, Sec. 4): 500 epochs of RAdam on 512 x 256 images. */
import type { Recipe } from '../define.ts'

export const cityscapes: Recipe = {
  name: 'cityscapes',
  epochs: 500,
  batchSize: 25,
  optimiser: { name: 'radam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  rate: { peak: 1e-3, warmUpEpochs: 1, shape: 'cosine' },
  decay: { amount: 1e-4, kinds: ['kernel', 'bias', 'depthwise'], form: 'l2' },
  labelSmoothing: 0,
  // A translation by up to two pixels, as ERFNet's authors have it.
  crop: 2,
  mirror: true,
  // The paper ends at epoch 450 or 350 and does not say where it begins: here at the share of its ImageNet training.
  phases: { from: 1 / 24, to: 450 / 500 },
  networks: { erfnet: { settings: { dropout: 0.3 } } },
}
