/** Reads the architecture that Keras 2 and Keras 3 write as JSON: Sequential and Functional models, nested in each other. */
import { UserError } from '../../errors.ts'
import type { KerasContainer, KerasLayer, Ref } from './define.ts'
import { refsIn, renumbered } from './refs.ts'
import { settingsOf } from './settings.ts'

type Json = Readonly<Record<string, any>>

const functional = ['Functional', 'Model']
const [MOST_LAYERS, MOST_DEPTH] = [10_000, 16]

/** `text` is the JSON of a model; `file` is what messages call it. Throws UserError `unreadable-model`, `bad-settings` and `unsupported-layer`. */
export function parseTopology(text: string, file: string): KerasLayer & { readonly inner: KerasContainer } {
  let left = MOST_LAYERS
  const unreadable = (why: string, cause?: unknown): UserError =>
    new UserError('unreadable-model', `the architecture in ${file} cannot be read: ${why}`, { cause })

  const layerOf = (json: Json, scope: string, depth: number): KerasLayer => {
    if (--left < 0 || depth > MOST_DEPTH) throw unreadable(`it has more than ${MOST_LAYERS} layers, or models ${MOST_DEPTH} deep`)
    const { class_name: className, config } = json
    if (typeof className !== 'string' || !isObject(config)) throw unreadable(`a layer in ${scope || 'it'} has no class or no settings`)
    const name: string = typeof json.name === 'string' ? json.name : (config.name ?? className)
    const place = `layer ${scope}${name} (${className})`
    const calls = callsOf(json, place)
    const inside = scope || depth ? `${scope}${name}/` : ''
    const parsed = { className, name, calls, settings: settingsOf(Array.isArray(config) ? {} : config, place) }
    if (className === 'Sequential') return { ...parsed, inner: sequential(json, inside, depth) }
    if (functional.includes(className)) return { ...parsed, inner: container(config, inside, depth) }
    return parsed
  }

  const container = (config: Json, scope: string, depth: number): KerasContainer => {
    const layers = listOf(config.layers, unreadable).map((layer) => layerOf(layer, scope, depth + 1))
    return renumbered({ layers, inputs: refsIn(config.input_layers), outputs: refsIn(config.output_layers) })
  }

  const sequential = ({ config, build_config: built }: Json, scope: string, depth: number): KerasContainer => {
    const listed = listOf(Array.isArray(config) ? config : config.layers, unreadable).map((layer) => layerOf(layer, scope, depth + 1))
    const shape = listed[0]?.settings.batchInputShape ?? config.build_input_shape ?? built?.input_shape
    const first = { className: 'InputLayer', name: `${listed[0]?.name}_input`, settings: { batchShape: shape }, calls: [] }
    const chain = listed[0]?.className === 'InputLayer' ? listed : [first, ...listed]
    const output = (layer: KerasLayer): Ref => ({ layer: layer.name, node: 0, tensor: 0 })
    const layers = chain.map((layer, i) => (i ? { ...layer, calls: [[output(chain[i - 1]!)]] } : layer))
    return { layers, inputs: [output(layers[0]!)], outputs: [output(layers.at(-1)!)] }
  }

  try {
    const model = layerOf(JSON.parse(text), '', 0)
    if (model.inner) return { ...model, inner: model.inner }
    throw new UserError('unsupported-layer', `${file} holds a model of class ${model.className}`, {
      found: model.className,
      expected: `Sequential, ${functional.join(' or ')}`,
      hint: 'a subclass of Model is code: rebuild the network as a Sequential or Functional model',
    })
  } catch (cause) {
    // What JSON.parse says, and a nesting so deep that the stack ends.
    throw cause instanceof UserError ? cause : unreadable((cause as Error).message, cause)
  }
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

function listOf(layers: unknown, unreadable: (why: string) => UserError): Json[] {
  if (!Array.isArray(layers) || !layers.length || !layers.every(isObject)) throw unreadable('a model has no list of layers')
  return layers
}

/** Keras 2 writes a call as [layer, node, tensor, keywords] for each input, Keras 3 as { args, kwargs }. */
function callsOf({ inbound_nodes: calls = [] }: Json, place: string): Ref[][] {
  return (Array.isArray(calls) ? calls : []).map((call) => {
    const keywords = isObject(call) && !Array.isArray(call) ? call.kwargs : Array.isArray(call) ? call.map((input) => Object(input)[3]) : []
    if (refsIn(keywords).length)
      throw new UserError('unsupported-layer', `${place} takes a tensor as a keyword`, { hint: 'pass tensors as plain inputs' })
    return refsIn(Array.isArray(call) ? call : call?.args)
  })
}
