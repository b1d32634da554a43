/** Builds a model anew, layer by layer, with other layers in the place of some; weights are carried over. */
import { input, LayersModel, type layers, model as modelOf, Sequential, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers'

/**
 * What stands in the place of a layer, one behind the other; none passes the input on. The first has the layer's weights.
 * `name` has the names of the models around it in front: outer/inner.
 */
export type Rewrite = (layer: layers.Layer, name: string) => readonly layers.Layer[]

type Chain = readonly layers.Layer[]
type Made = { new (config: unknown): layers.Layer; fromConfig(made: unknown, config: unknown): layers.Layer }

/** A new layer of the same class and settings, with some of them set anew. */
export function copyOf(layer: layers.Layer, set: Readonly<Record<string, unknown>> = {}): layers.Layer {
  const made = layer.constructor as unknown as Made
  return made.fromConfig(made, { ...layer.getConfig(), ...set })
}

/** The model itself is not changed; a layer that is used twice is used twice again. */
export function rebuild(model: LayersModel, rewrite: Rewrite, scope = ''): LayersModel {
  const chains = new Map<layers.Layer, Chain>()
  const chainOf = (layer: layers.Layer): Chain => {
    const name = `${scope}${layer.name}`
    const known = chains.get(layer)
    const chain = known ?? (layer instanceof LayersModel ? [rebuild(layer, rewrite, `${name}/`)] : rewrite(layer, name))
    chains.set(layer, chain)
    return chain
  }
  const fresh = model instanceof Sequential ? stacked(model, chainOf) : joined(model, chainOf)
  for (const [layer, [first]] of chains)
    if (first && !(layer instanceof LayersModel) && layer.weights.length && first.weights.length) first.setWeights(layer.getWeights())
  return fresh
}

function stacked(model: Sequential, chainOf: (layer: layers.Layer) => Chain): LayersModel {
  const fresh = sequential({ name: model.name })
  for (const layer of model.layers.flatMap(chainOf)) fresh.add(layer)
  return fresh
}

function joined(model: LayersModel, chainOf: (layer: layers.Layer) => Chain): LayersModel {
  const made = new Map<number, SymbolicTensor>()
  const inputs = model.inputs.map((tensor) => {
    const fresh = input({ batchShape: tensor.shape, dtype: tensor.dtype, name: tensor.sourceLayer.name })
    made.set(tensor.id, fresh)
    return fresh
  })
  const tensorOf = (tensor: SymbolicTensor): SymbolicTensor => {
    const known = made.get(tensor.id)
    if (known) return known
    const { sourceLayer: layer, nodeIndex } = tensor
    const node = layer.inboundNodes[nodeIndex]!
    const from = node.inputTensors.map(tensorOf)
    let value = (from.length === 1 ? from[0]! : from) as SymbolicTensor | SymbolicTensor[]
    for (const next of chainOf(layer)) value = next.apply(value, node.callArgs ?? {}) as SymbolicTensor | SymbolicTensor[]
    for (const [i, output] of node.outputTensors.entries()) made.set(output.id, [value].flat()[i]!)
    return made.get(tensor.id)!
  }
  return modelOf({ inputs, outputs: model.outputs.map(tensorOf), name: model.name })
}
