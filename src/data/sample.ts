/** Picks samples of a split so that all classes are equally frequent, as calibration wants them. */
import { key, shuffled } from '../graph/math/random.ts'
import type { Split } from './define.ts'

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
