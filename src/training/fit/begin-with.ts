/** Lets a model begin with weights of another: layer by layer, where name and size agree; the others keep what was drawn. */
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers'
import { UserError } from '../../errors.ts'
import type { LayerWeights } from '../../formats/define.ts'
import { layersOf } from '../networks/layers-of.ts'

export type Begun = {
  /** By the names of layers; or, where no name is shared, by their order. */
  readonly by: 'name' | 'order'
  /** Layers that took theirs from the file. */
  readonly taken: readonly string[]
  /** Layers that did not, and why. */
  readonly drawn: readonly { readonly layer: string; readonly why: string }[]
  /** Layers of the file that no layer took. */
  readonly unused: readonly string[]
}

type Own = { readonly layer: string; readonly weights: ReadonlyMap<string, LayerVariable> }

/** tfjs counts layers without a name over the whole process (`dense_Dense3`): the count within the model is the same in every one. */
function named<T extends { readonly layer: string }>(list: readonly T[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>()
  for (const each of list) {
    const plain = each.layer.replace(/^(\w+_[A-Z]\w*?)\d+$/, '$1')
    let name = plain
    for (let n = 2; found.has(name); n++) name = `${plain}#${n}`
    found.set(name, each)
  }
  return found
}

const ownOf = (model: LayersModel): Own[] =>
  layersOf(model)
    .filter(({ weights }) => weights.length)
    .map(({ name, weights }) => ({ layer: name, weights: new Map(weights.map((w) => [w.originalName.split('/').at(-1)!, w])) }))

const sizes = (weights: LayerWeights['weights']): string =>
  [...weights].map(([slot, { shape, data }]) => `${slot} [${shape ?? data.length}]`).join(', ')

const ownSizes = ({ weights }: Own): string => [...weights].map(([slot, { shape }]) => `${slot} [${shape}]`).join(', ')

/** Whether all weights of the layer are there, of their shape; or of their number, where the file keeps no shape. */
const fits = ({ weights }: Own, given: LayerWeights): boolean =>
  weights.size === given.weights.size &&
  [...weights].every(([slot, { shape }]) => {
    const found = given.weights.get(slot)
    return found?.shape ? `${found.shape}` === `${shape}` : found?.data.length === tf.util.sizeFromShape(shape as number[])
  })

/** Layers of one shape in their order; the last layer of all, which knows the classes, by itself. */
function byShape<T>(list: readonly T[], shapeOf: (layer: T) => string): ReadonlyMap<string, T> {
  const counts = new Map<string, number>()
  return new Map(
    list.map((layer, i) => {
      const shape = i === list.length - 1 ? 'last' : shapeOf(layer)
      const n = counts.get(shape) ?? 0
      counts.set(shape, n + 1)
      return [`${shape} ${n}`, layer]
    }),
  )
}

/** By order only where every layer but the last has its like: anything less is another network. Branches may stand in any order; those of one shape must not. */
function pairsOf(own: readonly Own[], given: readonly LayerWeights[]): { by: Begun['by']; of: (layer: Own) => LayerWeights | undefined } {
  const pair = (ours: ReadonlyMap<string, Own>, theirs: ReadonlyMap<string, LayerWeights>) =>
    new Map([...ours].map(([name, layer]) => [layer, theirs.get(name)]))
  const byName = pair(named(own), named(given))
  if ([...byName.values()].some((found) => found)) return { by: 'name', of: (layer) => byName.get(layer) }
  const byOrder = pair(
    byShape(own, ownSizes),
    byShape(given, ({ weights }) => sizes(weights)),
  )
  const alike = own.length === given.length && own.length > 1 && [...byOrder.values()].every((found) => found)
  return { by: 'order', of: (layer) => (alike ? byOrder.get(layer) : undefined) }
}

/** Throws UserError `init-matches-nothing` for the weights of another network. */
export function beginWith(model: LayersModel, given: readonly LayerWeights[], source: string): Begun {
  const own = ownOf(model)
  const { by, of } = pairsOf(own, given)
  const [taken, drawn]: [Own[], { layer: string; why: string }[]] = [[], []]
  const used = new Set<LayerWeights>()
  for (const layer of own) {
    const found = of(layer)
    if (!found) drawn.push({ layer: layer.layer, why: 'the file has no such layer' })
    else if (!fits(layer, found)) drawn.push({ layer: layer.layer, why: `${ownSizes(layer)} here, ${sizes(found.weights)} in the file` })
    else {
      for (const [slot, weight] of layer.weights)
        tf.tidy(() => void weight.write(tf.tensor(found.weights.get(slot)!.data, weight.shape as number[])))
      taken.push(layer)
      used.add(found)
    }
  }
  if (!taken.length)
    throw new UserError('init-matches-nothing', `${source} holds the weights of another network: no layer of it fits`, {
      found:
        given
          .slice(0, 3)
          .map(({ layer, weights }) => `${layer}: ${sizes(weights)}`)
          .join('; ') || 'no layer with weights',
      expected: own
        .slice(0, 3)
        .map((layer) => `${layer.layer}: ${ownSizes(layer)}`)
        .join('; '),
      hint: 'Name the layers alike, or give all of them in the order and the shapes of this network.',
    })
  const unused = given.filter((layer) => !used.has(layer)).map(({ layer }) => layer)
  return { by, taken: taken.map(({ layer }) => layer), drawn, unused }
}
