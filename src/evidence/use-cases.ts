/** What Peapod is used for in a deployment, how each use may go wrong, and what guards against it (ISO 26262-8 clause 11). */
import type { Malfunction, UseCase } from './define.ts'

const introduces = (id: string, says: string, ...measures: string[]): Malfunction => ({ id, says, effect: 'introduces an error', measures })
const misses = (id: string, says: string, ...measures: string[]): Malfunction => ({
  id,
  says,
  effect: 'fails to detect an error',
  measures,
})

/** Ids stay with their words. */
export const useCases: readonly UseCase[] = [
  {
    id: 'UC-DATA',
    says: 'Open a data set, and settle how an image becomes an input',
    input: 'a data folder',
    output: 'three splits, the preprocessing contract',
    malfunctions: [
      misses('MAL-DATA-LEAK', 'Test images stand in the training split: accuracy is overstated', 'MEA-LEAK'),
      introduces('MAL-DATA-PREPROCESS', 'The contract differs between training and the deployed file', 'MEA-DEPLOYED', 'MEA-SECOND-ENGINE'),
    ],
  },
  {
    id: 'UC-TRAIN',
    says: 'Train a network with progressive ensembles',
    input: 'splits, network, recipe, seed',
    output: 'weights at alpha = 1',
    malfunctions: [
      introduces('MAL-TRAIN-WEIGHTS', 'Weights are worse than the recipe gives, or corrupt', 'MEA-DEPLOYED', 'MEA-GATES', 'MEA-REPRODUCE'),
      introduces('MAL-TRAIN-ENSEMBLE', 'An ensemble is left that the deployed network does not have', 'MEA-STAGES'),
    ],
  },
  {
    id: 'UC-CONVERT',
    says: 'Strip, fold, calibrate, quantise, and write the int8 file',
    input: 'weights, calibration images',
    output: 'model.tflite',
    malfunctions: [
      introduces('MAL-CONVERT-GRAPH', 'A pass changes what the network computes', 'MEA-STAGES', 'MEA-DEPLOYED'),
      introduces('MAL-CONVERT-RANGE', 'A scale is wrong, so that a layer saturates or loses its signal', 'MEA-NOISE', 'MEA-DEPLOYED'),
      introduces('MAL-CONVERT-FILE', 'The file does not say what the graph says', 'MEA-DEPLOYED', 'MEA-SECOND-ENGINE', 'MEA-REPRODUCE'),
    ],
  },
  {
    id: 'UC-CHECK',
    says: 'Hold the file against the target',
    input: 'model.tflite, a target profile',
    output: 'findings, placement',
    malfunctions: [
      misses('MAL-CHECK-MISS', 'An operator that the target refuses is not found', 'MEA-CHECK', 'MEA-COMPILER', 'MEA-SECOND-ENGINE'),
    ],
  },
  {
    id: 'UC-ESTIMATE',
    says: 'Estimate latency and memory',
    input: 'model.tflite, a target profile',
    output: 'an estimate, named as such',
    malfunctions: [misses('MAL-ESTIMATE-LOW', 'The estimate is below what the device takes', 'MEA-LATENCY', 'MEA-COMPILER')],
  },
  {
    id: 'UC-EXECUTE',
    says: 'Execute the file over the test split',
    input: 'model.tflite, test split',
    output: 'accuracy of the deployed file',
    malfunctions: [misses('MAL-EXECUTE-KERNEL', 'A kernel computes other values than the target’s', 'MEA-SECOND-ENGINE')],
  },
  {
    id: 'UC-JUDGE',
    says: 'Judge the run by its gates',
    input: 'the report, the gates',
    output: 'a verdict, an exit code',
    malfunctions: [
      misses('MAL-JUDGE-PASS', 'A run passes whose metric is missing or outside its limit', 'MEA-GATES'),
      misses('MAL-JUDGE-FILES', 'The files handed on are not those that were judged', 'MEA-DIGESTS'),
    ],
  },
]
