/** `auto`: the range of each tensor by the method under which the whole int8 network comes closest to its float network. */
import type { Graph } from '../graph/ir/graph.ts'
import type { Ranges } from './calibrate.ts'
import type { Method, Range } from './methods/define.ts'
import { minMax } from './methods/min-max.ts'
import type { Trial } from './trial.ts'

export type Choice = {
  /** By tensor. */
  readonly methods: ReadonlyMap<number, Method>
  readonly graph: Graph<'quantised'>
}

export type ScoredChoice = Choice & { readonly score: number }

/** How good an int8 graph is, in dB: on all of the set, and on a part of it, held against the graph that stands. */
export type Scoring = { whole(graph: Graph<'quantised'>): number; readonly part: Trial }

/** A range that differs by less than this share of the widest is not tried. */
const alike = 0.02

/** A method that costs the whole network this much more than the best, in dB, is not tried for single tensors. */
const hopeless = 6

/** What a change must gain in dB on the part of the set: less is chance. */
const worthDb = 0.03

/**
 * Begins with the one method that suits the whole network best, then changes tensor by tensor, in running order, what gains on a part
 * of the set and then on all of it. `build` makes the int8 graph of ranges. Without `byTensor`, one method for all. `first` is what the
 * first candidate makes of all tensors.
 */
export function chooseRanges(
  ranges: Ranges,
  candidates: readonly Method[],
  build: (rangeOf: (tensor: number) => Range | undefined) => Graph<'quantised'>,
  scoring: Scoring,
  byTensor = true,
): { readonly best: ScoredChoice; readonly first: ScoredChoice } {
  const tables = new Map(candidates.map((m) => [m, new Map(Array.from(ranges, ([t, seen]) => [t, m.range(seen)]))]))
  const tried = (methods: ReadonlyMap<number, Method>, score: Scoring['whole']): ScoredChoice => {
    const graph = build((t) => tables.get(methods.get(t)!)?.get(t))
    return { methods, graph, score: score(graph) }
  }
  const uniform = candidates.map((m) => tried(new Map(Array.from(ranges.keys(), (t) => [t, m])), scoring.whole))
  const start = uniform.reduce((a, b) => (b.score > a.score ? b : a))
  const first = uniform[0]!
  if (!byTensor) return { best: start, first }
  const worthwhile = candidates.filter((_, i) => uniform[i]!.score > start.score - hopeless)
  let best = start
  let onPart = scoring.part.follow(start.graph)
  for (const t of ranges.keys()) {
    const seen: Range[] = [tables.get(best.methods.get(t)!)!.get(t)!]
    for (const method of worthwhile) {
      const range = tables.get(method)!.get(t)!
      if (seen.some((other) => close(range, other, tables.get(minMax)?.get(t) ?? other))) continue
      seen.push(range)
      const other = tried(new Map([...best.methods, [t, method]]), scoring.part.score)
      if (other.score <= onPart + worthDb) continue
      const whole = { ...other, score: scoring.whole(other.graph) }
      if (whole.score > best.score) [best, onPart] = [whole, scoring.part.follow(other.graph)]
    }
  }
  return { best, first }
}

const close = (a: Range, b: Range, widest: Range): boolean =>
  Math.max(Math.abs(a.min - b.min), Math.abs(a.max - b.max)) <= alike * (Math.max(widest.max, 0) - Math.min(widest.min, 0))
