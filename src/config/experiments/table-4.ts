/** Table 4: stochastic ensembles, transition from epoch 5 to 90 of 120, on ImageNet (Utasi 2022). */

import type { ExperimentFile } from '../experiment-schema.ts'
import { activations, begin, classifiers, imagenet, usual } from './classifiers.ts'

export const table4: ExperimentFile = {
  name: 'table4',
  says: 'Stochastic ensembles, transition from epoch 5 to 90 of 120, on ImageNet',
  project: imagenet,
  networks: classifiers,
  ensembles: ['stochastic'],
  activations,
  from: begin,
  ends: [usual],
}
