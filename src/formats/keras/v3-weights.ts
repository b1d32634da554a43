/** Where a .keras keeps weights: a folder a layer, named for its class and its place among its like, and in it arrays by number. */
import type { KerasContainer, KerasLayer, Weight, WeightSource } from './define.ts'
import type { Hdf5 } from './hdf5-tree.ts'
import { slotsOf } from './weight-layout.ts'

/** Where a model keeps its layers: Keras 3, and tf.keras 2.12 to 2.15. */
const homes = ['layers', '_layer_checkpoint_dependencies']

type Folder = { readonly path: string; readonly kind: string; readonly number: number; readonly layer: string | undefined }

export function v3Weights(tree: Hdf5, root: KerasContainer): WeightSource {
  const folders = foldersIn(tree)
  return (path) => {
    let [group, siblings] = ['', root.layers]
    for (const layer of path) {
      group = folderOf(folders.get(group) ?? [], siblings, layer)?.path ?? '?'
      siblings = layer.inner?.layers ?? []
    }
    return arraysIn(tree, `${group}/vars`)
  }
}

/** By the name that newer versions note; else the n-th layer of a class that has weights has the n-th folder of that class. */
function folderOf(folders: readonly Folder[], siblings: readonly KerasLayer[], layer: KerasLayer): Folder | undefined {
  const named = folders.find((folder) => folder.layer === layer.name)
  if (named) return named
  const kind = snake(layer.className)
  const alike = folders.filter((folder) => folder.kind === kind).sort((a, b) => a.number - b.number)
  return alike[siblings.filter((sibling) => snake(sibling.className) === kind && weighs(sibling)).indexOf(layer)]
}

const weighs = ({ className, settings, inner }: KerasLayer): boolean =>
  inner ? inner.layers.some(weighs) : (slotsOf(className, settings)?.length ?? 0) > 0

/** The folders that hold weights, by the folder of the model around them. */
function foldersIn(tree: Hdf5): ReadonlyMap<string, readonly Folder[]> {
  const full = new Set<string>()
  for (const array of tree.arrays.keys())
    for (let end = array.lastIndexOf('/'); end > 0; end = array.lastIndexOf('/', end - 1)) full.add(array.slice(0, end))
  const folders = new Map<string, Folder[]>()
  for (const path of full) {
    const parts = path.split('/')
    const [name, home] = [parts.pop()!, parts.pop()]
    if (!homes.includes(home ?? '')) continue
    const [, kind, number] = /^(.*?)(?:_(\d+))?$/.exec(name)!
    const folder = { path, kind: kind!, number: Number(number ?? 0), layer: tree.texts.get(`${path}/vars`)?.name?.[0] }
    const around = parts.join('/')
    const known = folders.get(around)
    if (known) known.push(folder)
    else folders.set(around, [folder])
  }
  return folders
}

function arraysIn(tree: Hdf5, group: string): Weight[] {
  const found: Weight[] = []
  for (let array = tree.arrays.get(`${group}/0`); array; array = tree.arrays.get(`${group}/${found.length}`)) found.push(array)
  return found
}

/** As Keras's to_snake_case makes folders of class names: DepthwiseConv2D is depthwise_conv2d. */
const snake = (name: string): string =>
  name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
