/** Finds what is wrong with a project's names before minutes are spent on its training. */
import type { Project } from '../config/schema.ts'
import { requireRunner } from '../device/open.ts'
import { methodOf } from '../quantise/method.ts'
import { requireCompiler } from '../target/compilers/compile.ts'
import type { Target } from '../target/profiles/schema.ts'
import { findRecipe } from '../training/fit/find-recipe.ts'
import { findNetwork } from '../training/networks/build-network.ts'
import type { Settings } from '../training/networks/define.ts'
import { isModule } from './network.ts'

/** Throws the UserError that the stage would have thrown. */
export async function preflight({ network, train, quantise, runner, compiler }: Project, target: Target): Promise<void> {
  findRecipe(train.recipe)
  if (!isModule(network.use)) findNetwork(network.use, network.options as Settings)
  methodOf(quantise.method)
  await requireRunner(runner)
  await requireCompiler(target, compiler)
}
