/** ImageNet as the paper trains it (Utasi 2022, Sec. 4.1): 120 epochs of SGD in steps. */
import type { Recipe } from '../define.ts'

export const imagenet: Recipe = {
  name: 'imagenet',
  epochs: 120,
  batchSize: 256,
  optimiser: { name: 'sgd', momentum: 0.9 },
  rate: { peak: 0.1, warmUpEpochs: 5, shape: 'steps', atEpochs: [30, 60, 80], factor: 0.1 },
  decay: { amount: 1e-4, kinds: ['kernel', 'bias', 'depthwise'], form: 'l2' },
  labelSmoothing: 0.1,
  // A sixteenth of 224 to each side, as pad-and-crop takes an eighth of 32 on CIFAR.
  crop: 14,
  mirror: true,
  // Epochs 5 to 90; the paper's other end is 115.
  phases: { from: 5 / 120, to: 90 / 120 },
  // No decay on depthwise kernels is the paper's (Sec. 4.1), as is MobileNet's dropout, both told to us and not read. Its rates and amounts for
  // each network we do not have: these are AlexNet's and MobileNet v2's authors' own (Krizhevsky et al. 2012, Sandler et al. 2018).
  networks: {
    'alexnet-bn': { rate: { peak: 0.01 }, decay: { amount: 5e-4 }, settings: { dropout: 0.5 } },
    'mobilenet-v1': { rate: { peak: 0.045 }, decay: { amount: 4e-5, kinds: ['kernel', 'bias'] }, settings: { dropout: 1e-3 } },
    'mobilenet-v2': { rate: { peak: 0.045 }, decay: { amount: 4e-5, kinds: ['kernel', 'bias'] }, settings: { dropout: 0.2 } },
  },
}
