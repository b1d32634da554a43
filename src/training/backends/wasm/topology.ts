/** A tf.LayersModel as a list of layers in an order in which inputs come first. */
import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers'

export type Layer = layers.Layer

export type Site = {
  readonly layer: Layer
  readonly className: string
  /** Indices into the list. */
  readonly inputs: readonly number[]
  /** Without the batch. */
  readonly shape: readonly number[]
}

/** Why a model is not a plain graph of single-use layers, or its layers in topological order. */
export function topology(model: LayersModel): Site[] | string {
  if (model.inputs.length !== 1 || model.outputs.length !== 1) return 'it has more than one input or output'
  const sites: Site[] = []
  const placed = new Map<number, number>()
  const visit = (tensor: SymbolicTensor): string | undefined => {
    if (placed.has(tensor.id)) return undefined
    const layer = tensor.sourceLayer
    const className = layer.getClassName()
    if (layer.inboundNodes.length !== 1) return `layer "${layer.name}" (${className}) is used ${layer.inboundNodes.length} times`
    const from = className === 'InputLayer' ? [] : tensor.inputs
    for (const input of from) {
      const why = visit(input)
      if (why) return why
    }
    const shape = tensor.shape.slice(1)
    if (shape.some((size) => size === null)) return `layer "${layer.name}" (${className}) has an output of unknown size`
    placed.set(tensor.id, sites.length)
    sites.push({ layer, className, inputs: from.map((input) => placed.get(input.id)!), shape: shape as number[] })
    return undefined
  }
  return visit(model.outputs[0]!) ?? sites
}
