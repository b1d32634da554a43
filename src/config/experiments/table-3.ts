/** Table 3: weighted ensembles, transition from epoch 5 to 90 of 120, on ImageNet (Utasi 2022). */

import type { ExperimentFile } from '../experiment-schema.ts'
import { activations, begin, classifiers, imagenet, usual } from './classifiers.ts'

export const table3: ExperimentFile = {
  name: 'table3',
  says: 'Weighted ensembles, transition from epoch 5 to 90 of 120, on ImageNet',
  project: imagenet,
  networks: classifiers,
  ensembles: ['weighted'],
  activations,
  from: begin,
  ends: [usual],
}
