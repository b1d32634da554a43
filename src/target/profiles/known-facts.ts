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

let operators: ReadonlySet<string> | undefined

/** Every operator that a TFLite file can name, in kebab case, and those of the registry. */
export function knownOperators(): ReadonlySet<string> {
  operators ??= new Set([...Object.keys(BuiltinOperator).map((name) => name.toLowerCase().replaceAll('_', '-')), ...ops.keys()])
  return operators
}

/** Sets already made, by the operators that they are of: the rules of many targets speak of the same. */
const sets = new Map<string, ReadonlySet<string>>()

/** Facts that a rule may bound. Where no operator of its list has a room yet, any operator's will do. */
export function factsFor({ scope, ops: named }: Pick<Rule, 'scope' | 'ops'>): ReadonlySet<string> {
  const key = scope === 'model' ? scope : (named?.join() ?? 'any')
  const facts = sets.get(key) ?? (scope === 'model' ? new Set(Object.keys(modelFactNames)) : factsOfAny(named))
  sets.set(key, facts)
  return facts
}

function factsOfAny(named: Rule['ops']): Set<string> {
  const rooms = [...knownFacts()].filter(([op]) => named?.includes(op) ?? true)
  return new Set((rooms.length > 0 ? rooms : [...knownFacts()]).flatMap(([, facts]) => [...facts]))
}
