/** What Peapod wants of an HDF5 file, as plain data: texts of groups, and float arrays. */

import { Dataset, type File, Group } from 'h5wasm'
import { UserError } from '../../errors.ts'
import type { Shape } from '../../graph/ir/graph.ts'

/** By path without a leading slash; the root is the empty path. */
export type Hdf5 = {
  readonly texts: ReadonlyMap<string, Readonly<Record<string, readonly string[]>>>
  readonly arrays: ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>
}

/** Attributes that hold a model's settings, the names of its layers and weights (Keras splits long lists: weight_names0, weight_names1 …). */
const WANTED = /^(model_config|keras_version|name|weight_names\d*)$/
/** Never read: as large as the model, and no part of it. */
const SKIPPED = /^(optimizer_weights|optimizer)$/
const [MOST_OBJECTS, MOST_DEPTH, MOST_ELEMENTS, MOST_TEXTS] = [100_000, 32, 2 ** 26, 2 ** 16]

/** Links that lead out of the file are not followed. Throws UserError `too-large`; whatever else it throws, the file is broken. */
export function treeOf(file: File): Hdf5 {
  const texts = new Map<string, Record<string, readonly string[]>>()
  const arrays = new Map<string, { shape: Shape; data: Float32Array }>()
  let [objects, elements] = [0, 0]
  const visit = (group: Group, path: string, depth: number): void => {
    texts.set(path, textsOf(group))
    for (const name of group.keys()) {
      const [at, child] = [path ? `${path}/${name}` : name, SKIPPED.test(name) ? null : group.get(name)]
      if (++objects > MOST_OBJECTS || depth > MOST_DEPTH) throw tooLarge(`more than ${MOST_OBJECTS} objects or ${MOST_DEPTH} levels`)
      if (child instanceof Group) visit(child, at, depth + 1)
      else if (child instanceof Dataset && isFloat(child)) {
        const shape = child.shape ?? []
        elements += shape.reduce((a, b) => a * b, 1)
        if (elements > MOST_ELEMENTS) throw tooLarge(`more than ${MOST_ELEMENTS} weights`)
        arrays.set(at, { shape, data: floats(child.value) })
      }
    }
  }
  visit(file, '', 0)
  return { texts, arrays }
}

const isFloat = ({ dtype }: Dataset): boolean => typeof dtype === 'string' && /^<[fd]$/.test(dtype)

/** An array has a typed array for its value, a scalar a number. */
const floats = (value: unknown): Float32Array =>
  typeof value === 'number' ? Float32Array.of(value) : Float32Array.from(value as Float32Array)

function textsOf(group: Group): Record<string, readonly string[]> {
  const found: Record<string, readonly string[]> = {}
  for (const [name, attribute] of Object.entries(group.attrs)) {
    if (!WANTED.test(name)) continue
    if ((attribute.shape ?? []).reduce((a, b) => a * b, 1) > MOST_TEXTS) throw tooLarge(`more than ${MOST_TEXTS} texts`)
    found[name] = [attribute.value].flat().filter((text) => typeof text === 'string')
  }
  return found
}

const tooLarge = (found: string): UserError =>
  new UserError('too-large', 'this HDF5 file is too large for a compact model', {
    found,
    expected: `at most ${MOST_ELEMENTS} weights in ${MOST_OBJECTS} objects`,
  })
