/** What a format of float models is: one file or folder each, one line in `index.ts`. */
import type { Graph } from '../graph/ir/graph.ts'

export type FloatFormat = {
  readonly name: string
  /** What a path of this format looks like, for the error that lists all. */
  readonly says: string
  recognises(path: string): boolean
  /** Throws UserErrors of its own. */
  read(path: string): Promise<Graph<'imported'>>
}
