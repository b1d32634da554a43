/**
 * What the classification experiments of the paper share (Utasi 2022, Sec. 4.1): networks, recipe, and where the transition stands. Its abstract,
 * which we read, gives gains of 0.2 to 0.8 points on ImageNet and of 0.34 points of mIoU on Cityscapes. What its tables hold was told to us, not
 * read: networks, ensembles and ends of the transition. That all four activations stand in each of them is ours.
 */
import type { ExperimentFile } from '../experiment-schema.ts'

/** MobileNet is the one whose published form has ReLU6. */
export const classifiers = [
  'alexnet-bn',
  'resnet-18',
  'resnet-50',
  { use: 'mobilenet-v1', options: { width: 0.25 }, name: 'mobilenet-0.25', base: 'relu6' },
  'erfnet-classifier',
] satisfies ExperimentFile['networks']

export const imagenet = { train: { recipe: 'imagenet' } } satisfies ExperimentFile['project']

const epochs = 120
/** The transition begins at epoch 5, and ends at epoch 90, or later at 115. */
export const [begin, usual, late] = [5 / epochs, 90 / epochs, 115 / epochs] as const

export const activations = ['gelu', 'swish', 'mish', 'elu'] satisfies ExperimentFile['activations']
