/** Writes small Keras files as Keras 2 and Keras 3 write them, of tfjs models whose answers are known. */
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { strToU8, zipSync } from 'fflate'
import { FS, type Group, File as Hdf5File, ready } from 'h5wasm'

type Json = Record<string, any>
export type Saved = { readonly name: string; readonly weights: readonly { name: string; shape: number[]; data: Float32Array }[] }

/** The architecture in Keras 2's words, which are those that tfjs saves. */
export const architecture = (model: LayersModel): Json => {
  const { class_name, config } = model.toJSON(undefined, false) as Json
  return { class_name, config }
}

/** The weights of each layer of the model itself. */
export const savedWeights = (model: LayersModel): Saved[] =>
  model.layers.map((layer) => ({
    name: layer.name,
    weights: layer.weights.map((w) => ({
      name: w.originalName,
      shape: w.shape as number[],
      data: Float32Array.from(w.read().dataSync()),
    })),
  }))

/** An HDF5 file, filled by `fill`. */
export async function hdf5(fill: (file: Group) => void): Promise<Uint8Array> {
  await ready
  const file = new Hdf5File('/made.h5', 'w')
  fill(file)
  file.close()
  const bytes = Uint8Array.from(FS!.readFile('/made.h5') as Uint8Array)
  FS!.unlink('/made.h5')
  return bytes
}

/** What `model.save('m.h5')` writes. */
export const h5File = (config: unknown, layers: readonly Saved[]): Promise<Uint8Array> =>
  hdf5((file) => {
    file.create_attribute('model_config', typeof config === 'string' ? config : JSON.stringify(config))
    file.create_attribute('keras_version', '2.4.0')
    const root = file.create_group('model_weights')
    for (const { name, weights } of layers) {
      const group = root.create_group(name)
      if (weights.length)
        group.create_attribute(
          'weight_names',
          weights.map((w) => `${w.name}:0`),
        )
      for (const w of weights) {
        const parts = w.name.split('/')
        const folder = parts
          .slice(0, -1)
          .reduce<Group>((g, part) => (g.keys().includes(part) ? (g.get(part) as Group) : g.create_group(part)), group)
        folder.create_dataset({ name: `${parts.at(-1)}:0`, data: w.data, shape: w.shape })
      }
    }
  })

/** The zip that Keras 3 writes; `groups` are the layers' folders in its weights file. */
export const kerasFile = async (
  config: unknown,
  fill: (file: Group) => void,
  others: Record<string, Uint8Array> = {},
): Promise<Uint8Array> =>
  zipSync({
    'metadata.json': strToU8('{"keras_version": "3.15.1"}'),
    'config.json': strToU8(JSON.stringify(config)),
    'model.weights.h5': await hdf5(fill),
    ...others,
  })

/** The same architecture in Keras 3's words. */
export function keras3({ class_name, config, ...rest }: Json): Json {
  if (!config.layers)
    return { module: 'keras.layers', class_name, config: renamed(config), ...rest, inbound_nodes: calls(rest.inbound_nodes) }
  const layers = config.layers.map((layer: Json) => keras3(layer))
  const inbound = rest.inbound_nodes && { inbound_nodes: calls(rest.inbound_nodes) }
  return {
    module: 'keras',
    class_name: class_name === 'Model' ? 'Functional' : class_name,
    config: { ...config, layers },
    ...rest,
    ...inbound,
  }
}

const renamed = ({ batch_input_shape, ...config }: Json): Json =>
  batch_input_shape ? { ...config, batch_shape: batch_input_shape } : config

const calls = (nodes: Json[] = []): Json[] =>
  nodes.map((call) => {
    const tensors = call.map(([layer, node, tensor]: unknown[]) => ({
      class_name: '__keras_tensor__',
      config: { shape: [null], dtype: 'float32', keras_history: [layer, node, tensor] },
    }))
    return { args: tensors.length > 1 ? [tensors] : tensors, kwargs: { mask: null } }
  })

/** The weights file of Keras 3: folders named for classes, numbered among their like; `noted` writes the layers' names too, as newer versions do. */
export function v3Folders(model: LayersModel, noted: boolean, home = 'layers'): (file: Group) => void {
  return (file) => {
    const [root, seen] = [file.create_group(home), new Map<string, number>()]
    for (const layer of model.layers) {
      const kind = { Conv2D: 'conv2d', DepthwiseConv2D: 'depthwise_conv2d', BatchNormalization: 'batch_normalization', Dense: 'dense' }[
        layer.getClassName()
      ]
      if (!kind) continue
      const n = seen.get(kind) ?? 0
      seen.set(kind, n + 1)
      const vars = root.create_group(n ? `${kind}_${n}` : kind).create_group('vars')
      if (noted) vars.create_attribute('name', layer.name)
      for (const [i, w] of layer.weights.entries())
        vars.create_dataset({ name: String(i), data: Float32Array.from(w.read().dataSync()), shape: w.shape as number[] })
    }
  }
}
