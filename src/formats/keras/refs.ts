/** Finds the tensors that a structure of the architecture names. */
import type { Ref } from './define.ts'

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
