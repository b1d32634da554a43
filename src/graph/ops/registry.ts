/** Every operator by its name and by its TFLite code. Built once, read only. */
import type { Attrs } from '../ir/graph.ts'
import type { AnyOp } from './define.ts'
import * as all from './index.ts'
import { isOpaque, opaque } from './opaque.ts'

export const ops: ReadonlyMap<string, AnyOp> = new Map(Object.values(all).map((def): [string, AnyOp] => [def.name, def]))

export const opsByCode: ReadonlyMap<number, AnyOp> = new Map(
  [...ops.values()].flatMap((def): [number, AnyOp][] => (def.tflite ? [[def.tflite.code, def]] : [])),
)

type Named = { readonly op: string; readonly attrs?: Attrs }

/** The room of a node, one for all that have none of their own; undefined for a node that no reader made. */
export const roomOf = (node: Named): AnyOp | undefined => ops.get(node.op) ?? (isOpaque(node) ? opaque : undefined)

/** The room of a node of a lawful graph. */
export function opOf(node: Named): AnyOp {
  const def = roomOf(node)
  if (!def) throw new Error(`broken promise: no room for operator ${node.op}`)
  return def
}
