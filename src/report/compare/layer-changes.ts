/** Two networks layer by layer: what stayed, what came, what went, what costs another number of cycles. */
import type { SnapshotLayer } from './snapshot.ts'

export type LayerChange = {
  readonly kind: 'same' | 'changed' | 'added' | 'removed'
  readonly before?: SnapshotLayer
  readonly after?: SnapshotLayer
}

/** In running order. Layers pair by name and operator along the longest common sequence; beyond 2,000 layers by name alone. */
export function layerChanges(before: readonly SnapshotLayer[], after: readonly SnapshotLayer[]): LayerChange[] {
  const pairs = Math.max(before.length, after.length) > 2000 ? byName(before, after) : longestCommon(before, after)
  const changes: LayerChange[] = []
  let [b, a] = [0, 0]
  for (const [i, j] of [...pairs, [before.length, after.length] as const]) {
    while (b < i) changes.push({ kind: 'removed', before: before[b++]! })
    while (a < j) changes.push({ kind: 'added', after: after[a++]! })
    if (i < before.length && j < after.length) changes.push(paired(before[b++]!, after[a++]!))
  }
  return changes
}

type Pair = readonly [number, number]

const keyOf = ({ name, op }: SnapshotLayer) => `${op} ${name}`

function paired(before: SnapshotLayer, after: SnapshotLayer): LayerChange {
  const noise = before.sqnrDb !== undefined && after.sqnrDb !== undefined && before.sqnrDb !== after.sqnrDb // one side may lack it
  const same = before.cycles === after.cycles && before.macs === after.macs && !noise
  return { kind: same ? 'same' : 'changed', before, after }
}

function longestCommon(before: readonly SnapshotLayer[], after: readonly SnapshotLayer[]): Pair[] {
  const [x, y] = [before.map(keyOf), after.map(keyOf)]
  const width = y.length + 1
  const length = new Uint16Array((x.length + 1) * width)
  for (let i = x.length - 1; i >= 0; i--)
    for (let j = y.length - 1; j >= 0; j--)
      length[i * width + j] =
        x[i] === y[j] ? length[(i + 1) * width + j + 1]! + 1 : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!)
  const pairs: Pair[] = []
  for (let [i, j] = [0, 0]; i < x.length && j < y.length; ) {
    if (x[i] === y[j]) pairs.push([i++, j++])
    else if (length[(i + 1) * width + j]! >= length[i * width + j + 1]!) i++
    else j++
  }
  return pairs
}

function byName(before: readonly SnapshotLayer[], after: readonly SnapshotLayer[]): Pair[] {
  const at = new Map(after.map((layer, j) => [keyOf(layer), j]))
  let last = -1
  return before.flatMap((layer, i): Pair[] => {
    const j = at.get(keyOf(layer))
    if (j === undefined || j <= last) return []
    last = j
    return [[i, j]]
  })
}
