/** Every operator by its name and by its TFLite code. Built once, read only. */
import type { AnyOp } from './define.ts'
import * as all from './index.ts'

export const ops: ReadonlyMap<string, AnyOp> = new Map(Object.values(all).map((def): [string, AnyOp] => [def.name, def]))

export const opsByCode: ReadonlyMap<number, AnyOp> = new Map(
  [...ops.values()].flatMap((def): [number, AnyOp][] => (def.tflite ? [[def.tflite.code, def]] : [])),
)

/** The room of a node. Graphs are made of known operators only: readers refuse others at the door. */
export function opOf(node: { readonly op: string }): AnyOp {
  const def = ops.get(node.op)
  if (!def) throw new Error(`broken promise: no room for operator ${node.op}`)
  return def
}
