/** Finds the tensors that a structure of the architecture names. */
import type { KerasContainer, Ref } from './define.ts'

/** Keras 2 writes [layer, node, tensor, keywords], Keras 3 an object that carries [layer, node, tensor]. Keywords are not looked into. */
export function refsIn(value: unknown): Ref[] {
  if (Array.isArray(value)) {
    const [layer, node, tensor] = value
    if (typeof layer === 'string' && Number.isInteger(node) && Number.isInteger(tensor)) return [{ layer, node, tensor }]
    return value.flatMap(refsIn)
  }
  if (typeof value !== 'object' || value === null) return []
  const { class_name: className, config } = value as { class_name?: unknown; config?: { keras_history?: unknown } }
  return className === '__keras_tensor__' ? refsIn(config?.keras_history) : Object.values(value).flatMap(refsIn)
}

/**
 * Keras 2 counts the making of a model as its call 0, and writes the calls behind it only; Keras 3 counts what it writes.
 * Every call is read by someone, so a model of whose calls one is named beyond the last is counted the old way.
 */
export function renumbered({ layers, inputs, outputs }: KerasContainer): KerasContainer {
  const last = new Map<string, number>()
  for (const { layer, node } of [...outputs, ...layers.flatMap(({ calls }) => calls.flat())])
    last.set(layer, Math.max(node, last.get(layer) ?? 0))
  const old = new Set(layers.filter((layer) => layer.inner && last.get(layer.name) === layer.calls.length).map(({ name }) => name))
  const renumber = (ref: Ref): Ref => (old.has(ref.layer) ? { ...ref, node: ref.node - 1 } : ref)
  return {
    layers: layers.map((layer) => ({ ...layer, calls: layer.calls.map((call) => call.map(renumber)) })),
    inputs,
    outputs: outputs.map(renumber),
  }
}
