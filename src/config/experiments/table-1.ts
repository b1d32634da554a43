/** Table 1: reLU baselines, and ReLU6 for MobileNet, on ImageNet (Utasi 2022). */

import type { ExperimentFile } from '../experiment-schema.ts'
import { begin, classifiers, imagenet, usual } from './classifiers.ts'

export const table1: ExperimentFile = {
  name: 'table1',
  says: 'ReLU baselines, and ReLU6 for MobileNet, on ImageNet',
  project: imagenet,
  networks: classifiers,
  from: begin,
  ends: [usual],
}
