/** What travels between host and accelerator at each layer, and where the accelerator is started. */
import { bytesPerElement, size } from '../../../graph/ir/graph.ts'
import type { LayerTensor, Network } from './define.ts'

export type Travel = { readonly bytes: number; readonly starts: boolean }

const bytesOf = ({ shape, dtype }: LayerTensor): number => size(shape) * bytesPerElement(dtype)

/** In layer order. Inputs and outputs of the network lie with the host; a folded layer stays where its input is. */
export function travelOf({ layers, outputs }: Network): Travel[] {
  const lies = new Map<number, 'accelerator' | 'cpu'>()
  const whereIs = ({ tensor }: LayerTensor) => lies.get(tensor) ?? 'cpu'
  const last = new Set(outputs)
  let running = false
  return layers.map((layer) => {
    const maps = layer.inputs.filter(({ constant }) => !constant)
    const at = layer.place === 'folded' ? (maps[0] ? whereIs(maps[0]) : 'cpu') : layer.place
    const come = maps.filter((map) => whereIs(map) !== at)
    const go = at === 'accelerator' ? layer.outputs.filter(({ tensor }) => last.has(tensor)) : []
    // What has come once is there for later layers too.
    for (const { tensor } of [...come, ...layer.outputs]) lies.set(tensor, at)
    const starts = layer.place === 'accelerator' && !running
    if (layer.place !== 'folded') running = layer.place === 'accelerator'
    return { bytes: [...come, ...go].reduce((sum, map) => sum + bytesOf(map), 0), starts }
  })
}
