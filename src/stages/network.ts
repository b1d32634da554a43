/** The network of a project: one of Peapod's, or a module of the user's own. */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { LayersModel } from '@tensorflow/tfjs-layers'
import type { Project } from '../config/schema.ts'
import { channelsOf } from '../data/preprocess.ts'
import { UserError } from '../errors.ts'
import { startWasm } from '../training/backends/eager/start-wasm.ts'
import { settingsFor } from '../training/fit/find-recipe.ts'
import { buildNetwork } from '../training/networks/build-network.ts'
import type { NetworkOptions, Settings } from '../training/networks/define.ts'
import { drawWeights } from '../training/networks/draw-weights.ts'
import { chosen, type MakeActivation, plain } from '../training/pea/activations.ts'
import { chooser } from '../training/pea/choose.ts'
import { findEnsembles, numberEnsembles } from '../training/pea/find-ensembles.ts'
import { pea as fading } from '../training/pea/pea.ts'
import { requireAnswers } from './answers.ts'
import type { State } from './define.ts'
import { peaOptions } from './pea-options.ts'

type UserNetwork = (options: NetworkOptions, settings: Settings) => LayersModel | Promise<LayersModel>

/**
 * Its initial weights are drawn from the project's seed, its ensembles numbered. A model of the user's own that has ReLU and made no
 * ensemble gets them in the places of its ReLUs. Throws as `requireAnswers` does, where the data set asks for something else.
 */
export async function buildModel({ network, train, pea, seed }: Project, { set, preprocess }: State['data']): Promise<LayersModel> {
  await startWasm() // layers keep their weights in tensors
  const { use } = network
  const options = peaOptions(pea)
  const choices = options && chooser(options)
  const activation: MakeActivation = choices ? chosen(choices, pea.base) : plain(pea.ensemble === 'smooth' ? pea.activation : pea.base)
  const given: NetworkOptions = {
    inputShape: [preprocess.height, preprocess.width, channelsOf(preprocess)],
    classes: set.classes.length,
    activation,
    seed,
  }
  const settings = { ...settingsFor(train.recipe, use), ...(network.options as Settings) }
  const built = isModule(use) ? await buildOwn(use, given, settings) : buildNetwork(use, given, settings)
  const turned = options !== undefined && isModule(use) && findEnsembles(built).length === 0
  const model = turned ? fading(built, options) : built
  if (!turned) choices?.checkUsed()
  requireAnswers(use, model.outputs[0]!.shape, { name: set.name, classes: set.classes, split: set.splits.train })
  numberEnsembles(model, seed)
  return model
}

export const isModule = (use: string) => /[\\/]|\.m?[jt]s$/.test(use)

async function buildOwn(path: string, options: NetworkOptions, settings: Settings): Promise<LayersModel> {
  const says = 'a module whose default export is (options, settings) => tf.LayersModel'
  let build: UserNetwork
  try {
    build = ((await import(pathToFileURL(resolve(path)).href)) as { default: UserNetwork }).default
  } catch (cause) {
    throw new UserError('bad-network', `the network module ${path} does not load: ${(cause as Error).message}`, { cause, expected: says })
  }
  const model = typeof build === 'function' ? await build(options, settings) : build
  if (!(model instanceof LayersModel))
    throw new UserError('bad-network', `the network module ${path} does not give a tf.LayersModel`, {
      found: typeof build === 'function' ? 'another value' : 'no function as default export',
      expected: says,
      hint: 'Import tfjs from the same node_modules as Peapod does.',
    })
  drawWeights(model, options.seed)
  return model
}
