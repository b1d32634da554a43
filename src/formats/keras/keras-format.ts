/** What both kinds of Keras files are as a source of float models, given how one is opened. */
import type { FloatFormat } from '../define.ts'
import { importKeras } from './import-keras.ts'
import { layerWeights } from './layer-weights.ts'

type Opened = { readonly model: Parameters<typeof importKeras>[0]; readonly weights: Parameters<typeof importKeras>[1] }

export const kerasFormat = (
  facts: Pick<FloatFormat, 'name' | 'says' | 'recognises'>,
  opened: (path: string) => Promise<Opened>,
): FloatFormat => ({
  ...facts,
  async read(path) {
    const { model, weights } = await opened(path)
    return importKeras(model, weights)
  },
  async weights(path) {
    const { model, weights } = await opened(path)
    return layerWeights(model.inner, weights)
  },
})
