/** What a format of float models is: one file or folder each, one line in `index.ts`. */
import type { Graph, Shape } from '../graph/ir/graph.ts'

/** The weights of one layer, by the names that tfjs has for them: kernel, bias, gamma … In tfjs's order of axes; without a shape where the file keeps none. */
export type LayerWeights = {
  readonly layer: string
  readonly weights: ReadonlyMap<string, { readonly data: Float32Array; readonly shape?: Shape }>
}

export type FloatFormat = {
  readonly name: string
  /** What a path of this format looks like, for the error that lists all. */
  readonly says: string
  recognises(path: string): boolean
  /** Throws UserErrors of its own. */
  read(path: string): Promise<Graph<'imported'>>
  /** Its layers that have weights, in the model's order; of formats that know layers. Throws as `read` does. */
  weights?(path: string): Promise<readonly LayerWeights[]>
}
