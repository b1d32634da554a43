/** The random choices of one image, drawn one after the other from its stream. */
import { bits, uniform } from '../../graph/math/random.ts'

/** Bounds of a uniform draw. */
export type Range = readonly [from: number, to: number]

export type Draws = {
  /** In [0, 1). */
  unit(): number
  within(range: Range): number
  /** Within the range, near its start as a rule and near its end rarely: the cube of a uniform draw. */
  rarely(range: Range): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** A whole number from the range, both ends included. */
  whole(range: Range): number
  /** The key of a stream of its own, for textures and noise. */
  stream(): number
}

export function draws(streamKey: number): Draws {
  let element = 0
  const unit = () => uniform(streamKey, element++)
  const within = ([from, to]: Range) => from + (to - from) * unit()
  return {
    unit,
    within,
    rarely([from, to]) {
      const u = unit()
      return from + (to - from) * u * u * u
    },
    chance: (probability) => unit() < probability,
    pick: (list) => list[Math.floor(unit() * list.length)]!,
    whole: ([from, to]) => from + Math.floor(unit() * (to - from + 1)),
    stream: () => bits(streamKey, element++) | 0,
  }
}
