/** From a Keras model to an imported graph of batch 1, by the importers of layers. */
import { UserError } from '../../errors.ts'
import type { Graph, Shape } from '../../graph/ir/graph.ts'
import { validate } from '../../graph/ops/validate.ts'
import { Growth } from '../grow.ts'
import { refusal } from '../tfjs-layers/define.ts'
import { importers } from '../tfjs-layers/import-layers.ts'
import type { KerasContainer, KerasLayer, Ref, WeightSource } from './define.ts'
import * as own from './layers/index.ts'
import { specOf } from './spec.ts'

const known = new Map([...importers, ...Object.values(own).map((i) => [i.className, i] as const)])

const keyOf = ({ layer, node, tensor }: Ref): string => `${node}:${tensor}:${layer}`
/** A model that is called in a model that is called … grows without end. */
const MOST_TENSORS = 10_000

/**
 * Tensors are named by their layers; layers of nested models by `outer/inner`.
 * Throws UserError `unsupported-layer`, `unknown-shape`, `shapes-do-not-fit`, `unreadable-model` and what weights bring.
 */
export function importKeras(model: KerasLayer & { readonly inner: KerasContainer }, weights: WeightSource): Graph<'imported'> {
  const growth = new Growth()
  const inputs = model.inner.inputs.map(({ layer }) => growth.input(layer, inputShape(model.inner, layer)))
  if (!inputs.length || !model.inner.outputs.length) throw broken(model.name, 'it has no input or no output')
  const outputs = run(model.inner, inputs, [], growth, weights)
  return validate(growth.finish(model.name, outputs, {}))
}

const broken = (place: string, why: string, cause?: unknown): UserError =>
  new UserError('unreadable-model', `the architecture of ${place} makes no sense: ${why}`, { cause })

function inputShape({ layers }: KerasContainer, name: string): Shape {
  const settings = layers.find((layer) => layer.name === name)?.settings
  const shape: unknown = settings?.batchShape ?? settings?.batchInputShape
  const extents = Array.isArray(shape) ? shape.slice(1) : []
  if (extents.length && extents.every((extent) => Number.isInteger(extent) && extent > 0 && extent <= 2 ** 16)) return [1, ...extents]
  throw new UserError('unknown-shape', `the input ${name} has no fixed shape`, {
    found: Array.isArray(shape) ? `[${shape.map((extent) => extent ?? '?').join(', ')}]` : 'none',
    expected: 'height, width and channels that are known before the model runs',
    hint: 'give the model an Input layer with its shape before saving',
  })
}

/** Follows the calls back from the outputs, so that only what they need is imported, each tensor once. */
function run(
  { layers, inputs, outputs }: KerasContainer,
  values: readonly number[],
  path: readonly KerasLayer[],
  growth: Growth,
  weights: WeightSource,
): number[] {
  const place = path.map(({ name }) => name).join('/') || 'the model'
  if (values.length !== inputs.length) throw broken(place, `it takes ${inputs.length} inputs and is given ${values.length}`)
  const byName = new Map(layers.map((layer) => [layer.name, layer]))
  const made = new Map(inputs.map((ref, i) => [keyOf(ref), values[i]!]))
  const waiting = new Set<string>()
  const stack = [...outputs]
  for (let ref = stack.pop(); ref; ref = stack.pop()) {
    if (made.has(keyOf(ref))) continue
    const layer = byName.get(ref.layer)
    const call = layer?.calls[ref.node]
    if (!layer || !call?.length) throw broken(place, `nothing makes output ${ref.tensor} of call ${ref.node} of layer ${ref.layer}`)
    const missing = call.filter((input) => !made.has(keyOf(input)))
    if (missing.length) {
      if (waiting.has(keyOf(ref))) throw broken(place, `layer ${ref.layer} waits for itself`)
      waiting.add(keyOf(ref))
      stack.push(ref, ...missing)
      continue
    }
    const results = add(
      [...path, layer],
      call.map((input) => made.get(keyOf(input))!),
      growth,
      weights,
    )
    for (const [tensor, value] of results.entries()) made.set(keyOf({ ...ref, tensor }), value)
    if (!made.has(keyOf(ref))) throw broken(place, `layer ${ref.layer} has no output ${ref.tensor}`)
    if (growth.tensors.length > MOST_TENSORS) throw broken(place, `it grows beyond ${MOST_TENSORS} tensors`)
  }
  return outputs.map((ref) => made.get(keyOf(ref))!)
}

function add(path: readonly KerasLayer[], inputs: readonly number[], growth: Growth, weights: WeightSource): number[] {
  const layer = path.at(-1)!
  if (layer.inner) return run(layer.inner, inputs, path, growth, weights)
  const { className } = layer
  const name = path.map((step) => step.name).join('/')
  const spec = { className, name, config: layer.settings, weight: () => undefined }
  if (className === 'Lambda') throw refusal(spec, 'it holds Python code, which Peapod never runs', 'rebuild it from known layers')
  const importer = known.get(className)
  if (!importer)
    throw new UserError('unsupported-layer', `layer ${name} (${className}) cannot be imported: its class is not known`, {
      found: className,
      expected: [...known.keys()].join(', '),
      hint: 'build it from known layers, or replace it',
    })
  try {
    return [importer.add(specOf(path, name, weights), inputs, growth)]
  } catch (cause) {
    throw cause instanceof UserError ? cause : broken(`layer ${name} (${className})`, (cause as Error).message, cause)
  }
}
