/** From a tf.LayersModel, trained or read from disk, to an imported graph of batch 1. */
import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { UserError } from '../../errors.ts'
import type { Graph } from '../../graph/ir/graph.ts'
import { validate } from '../../graph/ops/validate.ts'
import { Growth } from '../grow.ts'
import type { LayerImporter } from './define.ts'
import { layerSpec } from './layer-spec.ts'
import * as all from './layers/index.ts'

type Layer = layers.Layer
/** Models are layers too: Sequential, or a graph of layers. */
type Container = Layer & { readonly inputs: SymbolicTensor[]; readonly outputs: SymbolicTensor[]; readonly layers: Layer[] }

export const importers: ReadonlyMap<string, LayerImporter> = new Map(Object.values(all).map((i) => [i.className, i]))

export type ImportOptions = { readonly name?: string; readonly metadata?: Readonly<Record<string, string>> }

/**
 * Tensors are named by their layers; layers of nested models by `outer/inner`. Weights are copied out of the model.
 * Throws UserError `unsupported-layer`, `unknown-shape` and `shapes-do-not-fit`.
 */
export function importLayers(model: LayersModel, { name = model.name, metadata = {} }: ImportOptions = {}): Graph<'imported'> {
  const growth = new Growth()
  const inputs = model.inputs.map((tensor) => growth.input(tensor.sourceLayer.name, shapeOf(tensor)))
  const outputs = run(model as unknown as Container, inputs, '', growth)
  return validate(growth.finish(name, outputs, metadata))
}

function shapeOf({ shape, name }: SymbolicTensor): number[] {
  const extents = shape.slice(1)
  if (extents.some((extent) => extent === null || extent < 1))
    throw new UserError('unknown-shape', `the input ${name} has no fixed shape`, {
      found: `[${shape.map((e) => e ?? '?').join(', ')}]`,
      expected: 'height, width and channels that are known before the model runs',
    })
  return [1, ...(extents as number[])]
}

/** Walks back from the outputs, so that only what they need is imported, each tensor once. */
function run(container: Container, inputs: readonly number[], scope: string, growth: Growth): number[] {
  const made = new Map<number, number>(container.inputs.map((tensor, i) => [tensor.id, inputs[i]!]))
  const tensorOf = (tensor: SymbolicTensor): number => {
    const known = made.get(tensor.id)
    if (known !== undefined) return known
    const { sourceLayer: layer, nodeIndex } = tensor
    const node = layer.inboundNodes[nodeIndex]!
    const values = addLayer(layer, node.inputTensors.map(tensorOf), scope, growth)
    node.outputTensors.forEach((output, i) => void made.set(output.id, values[i]!))
    return made.get(tensor.id)!
  }
  return container.outputs.map(tensorOf)
}

function addLayer(layer: Layer, inputs: readonly number[], scope: string, growth: Growth): number[] {
  const name = `${scope}${layer.name}`
  if ('layers' in layer && 'outputs' in layer) return run(layer as Container, inputs, `${name}/`, growth)
  const spec = layerSpec(layer, name)
  const importer = importers.get(spec.className)
  if (!importer)
    throw new UserError('unsupported-layer', `layer ${name} (${spec.className}) cannot be imported: its class is not known`, {
      found: spec.className,
      expected: [...importers.keys()].join(', '),
      hint: 'build it from known layers, or replace it',
    })
  return [importer.add(spec, inputs, growth)]
}
