/** A recipe by name, with numbers of the user's own in place of its. */
import { distance } from 'fastest-levenshtein'
import { UserError } from '../../errors.ts'
import type { OptimiserOptions } from '../backends/define.ts'
import type { Settings } from '../networks/define.ts'
import type { Phases } from '../pea/define.ts'
import { withPhases } from '../pea/schedule.ts'
import type { Decay, Rate, Recipe } from './define.ts'
import * as all from './recipes/index.ts'

export const recipes: ReadonlyMap<string, Recipe> = new Map(Object.values(all).map((recipe) => [recipe.name, recipe]))

type Some<T> = { readonly [K in keyof T]?: T[K] | undefined }
type AnyRate = { readonly peak: number; readonly warmUpEpochs: number; readonly shape: Rate['shape']; readonly atEpochs: readonly number[]; readonly factor: number } // biome-ignore format: a list
type AnyOptimiser = { readonly name: OptimiserOptions['name']; readonly momentum: number; readonly beta1: number; readonly beta2: number; readonly epsilon: number } // biome-ignore format: a list

/** What the project file may set; absent means what the recipe says. A number alone is the peak of the rate, or the amount of decay. */
export type Overrides = Some<Phases> &
  Some<Pick<Recipe, 'epochs' | 'batchSize' | 'labelSmoothing' | 'crop' | 'mirror'>> & {
    readonly rate?: number | Some<AnyRate> | undefined
    readonly decay?: number | Some<Decay> | undefined
    readonly optimiser?: Some<AnyOptimiser> | undefined
  }

/** The recipe for a network. Throws UserErrors `unknown-recipe`, `incomplete-rate` and what `withPhases` throws. */
export function findRecipe(name: string, set: Overrides = {}, network = ''): Recipe {
  const recipe = recipes.get(name)
  if (!recipe)
    throw new UserError('unknown-recipe', `There is no recipe called ${name}.`, {
      found: name,
      expected: `one of ${[...recipes.keys()].join(', ')}`,
      hint: `Did you mean ${[...recipes.keys()].sort((a, b) => distance(name, a) - distance(name, b))[0]}?`,
    })
  const { networks: _, ...plain } = recipe
  const { rate: ownRate, decay: ownDecay } = differenceOf(recipe, network)
  const { from, to, unit, shape, jumps } = set
  const { epochs, batchSize, labelSmoothing, crop, mirror } = set
  return {
    ...over(plain, { epochs, batchSize, labelSmoothing, crop, mirror }),
    rate: rateOf({ ...recipe.rate, ...ownRate }, typeof set.rate === 'number' ? { peak: set.rate } : set.rate),
    decay: over({ ...recipe.decay, ...ownDecay }, typeof set.decay === 'number' ? { amount: set.decay } : set.decay),
    optimiser: optimiserOf(recipe.optimiser, set.optimiser),
    phases: withPhases(recipe.phases, { from, to, unit, shape, jumps }),
  }
}

/** Settings that a recipe gives a network; the user's own go over them. */
export const settingsFor = (name: string, network: string): Settings => differenceOf(recipes.get(name), network).settings ?? {}

const differenceOf = (recipe: Recipe | undefined, network: string) => recipe?.networks?.[network] ?? {}

const over = <T extends object>(base: T, set: Some<NoInfer<T>> = {}): T => ({
  ...base,
  ...Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined)),
})

function rateOf(rate: Rate, set: Some<AnyRate> = {}): Rate {
  const { peak, warmUpEpochs, shape, atEpochs, factor } = over(rate as AnyRate, set)
  if (shape !== 'steps') return { peak, warmUpEpochs, shape }
  if (atEpochs && factor !== undefined) return { peak, warmUpEpochs, shape, atEpochs, factor }
  throw new UserError('incomplete-rate', 'A rate in steps needs to know at which epochs it falls, and by which factor.', {
    found: `atEpochs ${atEpochs ? JSON.stringify(atEpochs) : 'absent'}, factor ${factor ?? 'absent'}`,
    expected: 'both, such as "atEpochs": [30, 60, 80], "factor": 0.1',
    hint: 'set them in train.rate',
  })
}

/** Of another optimiser than the recipe's, the numbers that its authors propose. */
function optimiserOf(optimiser: OptimiserOptions, set: Some<AnyOptimiser> = {}): OptimiserOptions {
  const usual = { momentum: 0.9, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
  const { name, momentum, beta1, beta2, epsilon } = over({ ...usual, ...optimiser } as AnyOptimiser, set)
  return name === 'sgd' ? { name, momentum } : { name, beta1, beta2, epsilon }
}
