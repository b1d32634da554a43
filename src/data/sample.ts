/** Picks samples of a split so that all classes are equally frequent, as calibration wants them. */
import { key, shuffled } from '../graph/math/random.ts'
import type { DataSet, Split } from './define.ts'
import { subset } from './split.ts'

/** `count` different indices (all of them, where the split holds no more): classes take turns, each in an order of its own. */
export function sample(split: Split, count: number, seed: number): Uint32Array {
  const byClass = new Map<number, number[]>()
  split.labels.forEach((label, i) => {
    const list = byClass.get(label)
    if (list) list.push(i)
    else byClass.set(label, [i])
  })
  const queues = [...byClass.keys()]
    .sort((a, b) => a - b)
    .map((label) => {
      const list = byClass.get(label)!
      return Array.from(shuffled(key(seed, 'calibration', label), list.length), (i) => list[i]!)
    })
  const picked: number[] = []
  for (let turn = 0; picked.length < Math.min(count, split.count); turn++) {
    for (const queue of queues) if (turn < queue.length && picked.length < count) picked.push(queue[turn]!)
  }
  return Uint32Array.from(picked)
}

/** At most `count` images of a split, all classes equally frequent where there are enough, in the split's order. */
export const limited = (split: Split, count: number, seed: number): Split =>
  count >= split.count ? split : subset(split, sample(split, count, seed).sort())

/** At most `count` images of each split. */
export function limitedSet(set: DataSet, count: number, seed: number): DataSet {
  const { train, validation, test } = set.splits
  const splits = { train: limited(train, count, seed), validation: limited(validation, count, seed), test: limited(test, count, seed) }
  return { ...set, splits }
}
