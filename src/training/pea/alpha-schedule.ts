/** The plan as a tfjs callback: drives every ensemble of a model, in `model.fit` as well as in our own loop, and logs alpha. */
import { CustomCallback, type LayersModel } from '@tensorflow/tfjs-layers'
import type { Phases } from './define.ts'
import { type Plan, planFor, type RunLength } from './plan.ts'

const lengthOf = ({ epochs, steps, samples, batchSize }: Record<string, any>): RunLength => ({
  epochs,
  stepsPerEpoch: steps ?? Math.ceil(samples / batchSize),
})

/**
 * Sets `alpha` and `step` of each ensemble before each batch, and adds the least `alpha` to the logs of batches and epochs.
 * `fitDataset` without batchesPerEpoch does not know its length: give `run` there.
 */
export class AlphaSchedule extends CustomCallback {
  constructor(model: LayersModel, phases: Phases, run?: RunLength) {
    let length: RunLength = { epochs: 0, stepsPerEpoch: 0 }
    let plan: Plan | undefined
    let epoch = 0
    let alpha = 0
    const log = (logs?: Record<string, number>): void => void (logs && Object.assign(logs, { alpha }))
    super(
      {
        onTrainBegin: () => {
          length = run ?? lengthOf(this.params as Record<string, any>)
          plan = planFor(model, phases, length)
        },
        onEpochBegin: (index) => void (epoch = index),
        onBatchBegin: (batch) => void (alpha = plan!.set(epoch * length.stepsPerEpoch + batch)),
        onBatchEnd: (_, logs) => log(logs as Record<string, number>),
        onEpochEnd: (_, logs) => log(logs as Record<string, number>),
      },
      'never',
    )
  }
}
