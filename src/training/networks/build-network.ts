/** Builds a network by name, with its settings checked and its initial weights drawn. */

import '../tensors.ts'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { distance } from 'fastest-levenshtein'
import { UserError } from '../../errors.ts'
import type { Network, NetworkOptions, Settings } from './define.ts'
import { drawWeights } from './draw-weights.ts'
import * as all from './index.ts'

export const networks: ReadonlyMap<string, Network> = new Map(
  Object.values(all).map((network): [string, Network] => [network.name, network as unknown as Network]),
)

const nearest = (word: string, words: Iterable<string>): string[] =>
  [...words].sort((a, b) => distance(word, a) - distance(word, b)).slice(0, 3)

/** Throws UserErrors `unknown-network`, `unknown-network-setting` and `bad-network-setting`. */
export function findNetwork(name: string, settings: Settings = {}): Network {
  const network = networks.get(name)
  if (!network)
    throw new UserError('unknown-network', `There is no network called ${name}.`, {
      found: name,
      expected: `one of ${[...networks.keys()].join(', ')}`,
      hint: `Did you mean ${nearest(name, networks.keys())[0]}?`,
    })
  const strange = Object.keys(settings).find((setting) => !(setting in network.settings))
  if (strange !== undefined)
    throw new UserError('unknown-network-setting', `${name} has no setting called ${strange}.`, {
      found: strange,
      expected: `one of ${Object.keys(network.settings).join(', ')}`,
    })
  const bad = Object.entries(settings).find(([, value]) => !Number.isFinite(value))
  if (bad)
    throw new UserError('bad-network-setting', `The setting ${bad[0]} of ${name} is no number.`, {
      found: JSON.stringify(bad[1]),
      expected: `a number such as ${network.settings[bad[0]]}`,
    })
  return network
}

/** The network with its initial weights drawn; settings that are not given are its own. */
export function buildNetwork(name: string, options: NetworkOptions, settings: Settings = {}): LayersModel {
  const network = findNetwork(name, settings)
  const model = network.build(options, { ...network.settings, ...settings })
  drawWeights(model, options.seed)
  return model
}
