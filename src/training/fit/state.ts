/** All that a training needs to go on to the same bytes, as a checkpoint. */
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { UserError } from '../../errors.ts'
import type { Learnt } from '../aware/phase.ts'
import { weightsByName } from '../backends/weight-names.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Best, EpochRecord } from './define.ts'
import type { Weights } from './weights.ts'

export type State = {
  /** What must not have changed: recipe, seed, network, data. */
  readonly digest: string
  /** The next step to do: epoch, and step in it. */
  readonly epoch: number
  readonly step: number
  /** Sums over the steps of this epoch that are done; `seen` counts labels. */
  readonly lossSum: number
  readonly correct: number
  readonly seen: number
  readonly history: readonly EpochRecord[]
  readonly best: Best | null
  /** The ranges that the network is trained for, once it is trained for int8. */
  readonly learnt: Learnt | null
  readonly weights: Weights
  readonly momentum: Weights
  readonly bestWeights: Weights | null
}

/** What moves on from step to step, beside the step's own weights and momentum. */
export type Draft = { -readonly [K in keyof Omit<State, 'weights' | 'momentum' | 'digest'>]: State[K] }

export const freshDraft = (): Draft => ({
  ...{ epoch: 0, step: 0, lossSum: 0, correct: 0, seen: 0 },
  ...{ history: [], best: null, learnt: null, bestWeights: null },
})

/** Where a saved training stands. */
export const draftOf = ({ weights: _w, momentum: _m, digest: _d, ...draft }: State): Draft => draft

const groups = { weights: 'weight:', momentum: 'momentum:', bestWeights: 'best:' } as const

const prefixed = (prefix: string, weights: Weights | null): [string, Float32Array][] =>
  [...(weights ?? [])].map(([name, values]) => [prefix + name, values])

const stripped = (prefix: string, arrays: Weights): Weights =>
  new Map([...arrays].flatMap(([name, values]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), values] as const] : [])))

/** What a training would go on with if it ended here: of a checkpoint that is no training's, all that it holds. */
export function bestOf({ arrays }: Checkpoint): Weights {
  const [best, now] = [stripped(groups.bestWeights, arrays), stripped(groups.weights, arrays)]
  return best.size ? best : now.size ? now : arrays
}

export function toCheckpoint({ weights, momentum, bestWeights, ...json }: State): Checkpoint {
  const arrays = new Map([
    ...prefixed(groups.weights, weights),
    ...prefixed(groups.momentum, momentum),
    ...prefixed(groups.bestWeights, bestWeights),
  ])
  return { json, arrays }
}

/** Refuses the checkpoint of another training or another network. */
export function fromCheckpoint({ json, arrays }: Checkpoint, model: LayersModel, digest: string): State {
  const state = json as Omit<State, 'weights' | 'momentum' | 'bestWeights'>
  if (state.digest !== digest)
    throw new UserError('checkpoint-mismatch', 'The checkpoint belongs to a training with other settings.', {
      found: `settings ${state.digest.slice(0, 12)}`,
      expected: `settings ${digest.slice(0, 12)}`,
      hint: 'Undo what changed in the project file or the data, or delete the checkpoint to train from the beginning.',
    })
  const weights = stripped(groups.weights, arrays)
  for (const [name, weight] of weightsByName(model)) {
    const length = weights.get(name)?.length
    const expected = (weight.shape as number[]).reduce((a, b) => a * b, 1)
    if (length !== expected)
      throw new UserError('checkpoint-mismatch', `The checkpoint is of another network: it does not fit ${name}.`, {
        found: length === undefined ? 'no such weight' : `${length} elements`,
        expected: `${expected} elements`,
      })
  }
  const momentum = stripped(groups.momentum, arrays)
  return { ...state, weights, momentum, bestWeights: state.best && stripped(groups.bestWeights, arrays) }
}
