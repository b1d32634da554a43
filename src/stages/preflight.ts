/** Finds what is wrong with a project's names before minutes are spent on its training. */
import { gatesOf } from '../config/load.ts'
import type { Project } from '../config/schema.ts'
import { requireRunner } from '../device/open.ts'
import { requireMethod } from '../quantise/method.ts'
import { readBaseline } from '../runs/baseline-file.ts'
import { requireCompiler } from '../target/compilers/find-compiler.ts'
import type { Target } from '../target/profiles/schema.ts'
import { findRecipe } from '../training/fit/find-recipe.ts'
import { findNetwork } from '../training/networks/build-network.ts'
import type { Settings } from '../training/networks/define.ts'
import { beginDigest } from './begin.ts'
import { isModule } from './network.ts'

/** Throws the UserError that the stage would have thrown. */
export async function preflight(project: Project, target: Target): Promise<void> {
  const { network, train, pea, quantise, runner, compiler, baseline } = project
  const { recipe, backend: _b, threads: _t, init: _i, ...overrides } = train
  const { from, to, unit, shape, jumps } = pea
  findRecipe(recipe, { ...overrides, from, to, unit, shape, jumps }, network.use)
  if (!isModule(network.use)) findNetwork(network.use, network.options as Settings)
  await beginDigest(project)
  requireMethod(quantise.method)
  if (gatesOf(project).some(({ worseBy }) => worseBy !== undefined)) await readBaseline(baseline)
  for (const uri of [runner].flat()) await requireRunner(uri)
  await requireCompiler(target, compiler)
}
