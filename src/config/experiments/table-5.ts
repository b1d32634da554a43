/** Table 5: both ensembles with the longer transition, from epoch 5 to 115 of 120, on ImageNet (Utasi 2022). */

import type { ExperimentFile } from '../experiment-schema.ts'
import { activations, begin, classifiers, imagenet, late } from './classifiers.ts'

export const table5: ExperimentFile = {
  name: 'table5',
  says: 'Both ensembles with the longer transition, from epoch 5 to 115 of 120, on ImageNet',
  project: imagenet,
  networks: classifiers,
  ensembles: ['weighted', 'stochastic'],
  activations,
  from: begin,
  ends: [late],
}
