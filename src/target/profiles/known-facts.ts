/** Which facts each operator has, learnt from the examples in its room; what a rule may speak of. */

import { BuiltinOperator } from '../../formats/tflite/schema/tflite.ts'
import type { Graph, Tensor } from '../../graph/ir/graph.ts'
import { type AnyOp, nodeOf } from '../../graph/ops/define.ts'
import { ops } from '../../graph/ops/registry.ts'
import { modelFactNames } from '../check/model-facts.ts'
import { factsAt } from '../check/place.ts'
import type { Rule } from './rule.ts'

const quant = { scale: [0.05], zero: [0], axis: 0 }

function factsOfRoom(def: AnyOp): Set<string> {
  const names = new Set<string>()
  for (const { attrs = {}, shapes, consts = {} } of def.examples) {
    const inputs = shapes.map((shape, i): Tensor => {
      const data = consts[i]
      return data ? { name: `i${i}`, shape, dtype: 'int32', data: Int32Array.from(data) } : { name: `i${i}`, shape, dtype: 'int8', quant }
    })
    const node = nodeOf(
      def,
      attrs,
      inputs.map((_, i) => i),
      [],
    )
    const outputs = def.infer(node.attrs, inputs).map((shape, i): Tensor => ({ name: `o${i}`, shape, dtype: 'int8', quant }))
    const whole = { ...node, outputs: outputs.map((_, i) => inputs.length + i) }
    const graph: Graph = {
      phase: 'quantised',
      name: '',
      tensors: [...inputs, ...outputs],
      nodes: [whole],
      inputs: [],
      outputs: [],
      metadata: {},
    }
    for (const fact of Object.keys(factsAt(graph, whole))) names.add(fact)
  }
  return names
}

let learnt: ReadonlyMap<string, ReadonlySet<string>> | undefined

/** By operator; those that no file can hold have no place in a rule. */
export function knownFacts(): ReadonlyMap<string, ReadonlySet<string>> {
  learnt ??= new Map([...ops.values()].flatMap((def): [string, Set<string>][] => (def.tflite ? [[def.name, factsOfRoom(def)]] : [])))
  return learnt
}

/** Every operator that a TFLite file can name, in kebab case, and those of the registry. */
export const knownOperators = (): ReadonlySet<string> =>
  new Set([...Object.keys(BuiltinOperator).map((name) => name.toLowerCase().replaceAll('_', '-')), ...ops.keys()])

/** Facts that a rule may bound. Where no operator of its list has a room yet, any operator's will do. */
export function factsFor({ scope, ops: named }: Pick<Rule, 'scope' | 'ops'>): Set<string> {
  if (scope === 'model') return new Set(Object.keys(modelFactNames))
  const rooms = [...knownFacts()].filter(([op]) => named?.includes(op) ?? true)
  return new Set((rooms.length > 0 ? rooms : [...knownFacts()]).flatMap(([, facts]) => [...facts]))
}
