/** The float graph of a trained network: its weights in the layers, every ensemble at its end. */

import type { LayersModel } from '@tensorflow/tfjs-layers'
import { importLayers } from '../formats/tfjs-layers/import-layers.ts'
import type { Graph } from '../graph/ir/graph.ts'
import { writeWeights } from '../training/fit/weights.ts'
import { findEnsembles } from '../training/pea/find-ensembles.ts'
import type { State } from './define.ts'
import { buildModel } from './network.ts'

export async function importTrained(
  { project, data, trained }: Pick<State, 'project' | 'data' | 'trained'>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<{ readonly model: LayersModel; readonly imported: Graph<'imported'> }> {
  const model = await buildModel(project, data)
  writeWeights(model, trained.weights)
  for (const ensemble of findEnsembles(model)) ensemble.alpha = 1
  return { model, imported: importLayers(model, { name: project.name ?? project.network.use, metadata }) }
}
