/** The weights in a checkpoint of Peapod's own, layer by layer: of a finished training, or the best so far of one that goes on. */
import type { LayerWeights } from '../../formats/define.ts'
import { decodeCheckpoint } from './checkpoint.ts'
import { bestOf } from './state.ts'

/** Throws UserErrors `checkpoint-damaged` and `checkpoint-version`. */
export function checkpointWeights(bytes: Uint8Array): LayerWeights[] {
  const layers = new Map<string, Map<string, { data: Float32Array }>>()
  for (const [name, data] of bestOf(decodeCheckpoint(bytes))) {
    const [, layer, slot, number = ''] = /^(.*)\/([^/#]*)(#\d+)?$/.exec(name)!
    const weights = layers.get(layer + number) ?? new Map()
    layers.set(layer + number, weights.set(slot!, { data }))
  }
  return [...layers].map(([layer, weights]) => ({ layer, weights }))
}
