/** A recipe by name, with numbers of the user's own in place of its. */
import { distance } from 'fastest-levenshtein'
import { UserError } from '../../errors.ts'
import type { Recipe } from './define.ts'
import * as all from './recipes/index.ts'

export const recipes: ReadonlyMap<string, Recipe> = new Map(Object.values(all).map((recipe) => [recipe.name, recipe]))

/** What the project file may set; absent means what the recipe says. */
export type Overrides = {
  readonly epochs?: number | undefined
  readonly batchSize?: number | undefined
  /** The peak. */
  readonly rate?: number | undefined
  readonly decay?: number | undefined
  readonly labelSmoothing?: number | undefined
  readonly crop?: number | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

export function findRecipe(name: string, set: Overrides = {}): Recipe {
  const recipe = recipes.get(name)
  if (!recipe)
    throw new UserError('unknown-recipe', `There is no recipe called ${name}.`, {
      found: name,
      expected: `one of ${[...recipes.keys()].join(', ')}`,
      hint: `Did you mean ${[...recipes.keys()].sort((a, b) => distance(name, a) - distance(name, b))[0]}?`,
    })
  const { rate, decay, phases } = recipe
  return {
    ...recipe,
    epochs: set.epochs ?? recipe.epochs,
    batchSize: set.batchSize ?? recipe.batchSize,
    rate: { ...rate, peak: set.rate ?? rate.peak },
    decay: { ...decay, amount: set.decay ?? decay.amount },
    labelSmoothing: set.labelSmoothing ?? recipe.labelSmoothing,
    crop: set.crop ?? recipe.crop,
    phases: { ...phases, from: set.from ?? phases.from, to: set.to ?? phases.to },
  }
}
