/** What a pass is: one rewrite of a graph that keeps what the graph computes. */
import type { Graph, Phase } from '../ir/graph.ts'

export type Pass<P extends Phase = Phase> = {
  readonly name: string
  /** What it rewrites into what, in one sentence. */
  readonly says: string
  /** The phase whose graphs it works on. */
  readonly phase: P
  run(graph: Graph<P>): Graph<P>
}

/** Repeats a rewrite of one place until there is none left. */
export const everywhere =
  <P extends Phase>(once: (graph: Graph<P>) => Graph<P> | undefined) =>
  (graph: Graph<P>): Graph<P> => {
    let done = graph
    for (let next = once(done); next; next = once(done)) done = next
    return done
  }
