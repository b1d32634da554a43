/** Table 2: smooth activations alone, the upper limits, on ImageNet (Utasi 2022). */

import type { ExperimentFile } from '../experiment-schema.ts'
import { activations, begin, classifiers, imagenet, usual } from './classifiers.ts'

export const table2: ExperimentFile = {
  name: 'table2',
  says: 'Smooth activations alone, the upper limits, on ImageNet',
  project: imagenet,
  networks: classifiers,
  upperLimits: activations,
  from: begin,
  ends: [usual],
}
