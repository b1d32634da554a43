/** One digest of all that a training's bytes depend on: a checkpoint goes on only where it is the same. */
import { createHash } from 'node:crypto'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { weightsByName } from '../backends/weight-names.ts'

/** SHA-256, hex, of the settings, the layers of the model with their configuration, and its weights' names and shapes. */
export function settingsDigest(model: LayersModel, settings: unknown): string {
  // Without names: tfjs numbers layers that have none through the process.
  const layers = model.layers.map((layer) => [layer.getClassName(), { ...layer.getConfig(), name: undefined }])
  const weights = [...weightsByName(model)].map(([name, { shape }]) => [name, shape])
  // Alpha is where the schedule stands, not a setting.
  const text = JSON.stringify({ settings, layers, weights }, (key, value) => (key === 'alpha' ? undefined : value))
  return createHash('sha256').update(text).digest('hex')
}
