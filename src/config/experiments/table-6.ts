/** Table 6: ERFNet on Cityscapes, transition to epoch 450 or 350 of 500 (Utasi 2022, Sec. 4.2). */

import type { ExperimentFile } from '../experiment-schema.ts'
import { activations } from './classifiers.ts'

const epochs = 500

/** Where the transition begins is not published: it begins where the recipe says. */
export const table6: ExperimentFile = {
  name: 'table6',
  says: 'ERFNet for segmentation, both ensembles, transition to epoch 450 or 350 of 500, on Cityscapes',
  project: { train: { recipe: 'cityscapes' } },
  networks: ['erfnet'],
  ensembles: ['weighted', 'stochastic'],
  activations,
  upperLimits: activations,
  ends: [450 / epochs, 350 / epochs],
}
