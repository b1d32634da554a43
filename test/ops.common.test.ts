/** One suite for every operator: what its room says of itself, and its two kernels against each other. */
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readTflite } from '../src/formats/tflite/read.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import { allocate, type Graph, phases, size, type Tensor } from '../src/graph/ir/graph.ts'
import { type AnyOp, attrsWith, type Fields, families, moves, type Operand, roleOfInput } from '../src/graph/ops/define.ts'
import { factsOf } from '../src/graph/ops/facts.ts'
import * as index from '../src/graph/ops/index.ts'
import { limitsOf, scaleOf, zeroOf } from '../src/graph/ops/kit/scale.ts'
import { ops } from '../src/graph/ops/registry.ts'
import { violations } from '../src/graph/ops/validate.ts'
import { casesOf, type OpCase, runReal } from './support/op-cases.ts'

/** Steps that an integer kernel may lie off the float one, where it is not one, or none for those that move elements; each with its reason. */
const steps: Readonly<Record<string, readonly [number, string]>> = {
  'average-pool-2d': [1, 'a mean of steps is rounded once'],
  'hard-swish': [4, 'the reference computes in 15 bits, and a large output scale ratio shows it'],
  'max-pool-2d': [0, 'compares steps'],
  'reduce-max': [0, 'compares steps'],
  'arg-max': [0, 'compares steps'],
  'reduce-min': [0, 'compares steps'],
  'softmax int16': [18, 'tables with straight lines between their entries'],
  'squared-difference int16': [32, 'both sides are rounded to whole steps before they meet, and a small output scale shows it'],
  'exp int16': [65535, 'straight lines miss it by any number of small steps; held by the recordings alone'],
  'log int16': [400, 'straight lines miss it near zero'],
  'tanh int16': [2, 'a table with straight lines between its entries'],
  maximum: [0, 'compares steps'],
  minimum: [0, 'compares steps'],
}

const letters = (name: string) => name.toLowerCase().replaceAll('-', '')

/** The one combination that the references refuse too. */
const refused = (def: AnyOp, { inputs, outputs }: OpCase) => def.name === 'hard-swish' && scaleOf(inputs[0]!) / scaleOf(outputs[0]!) >= 128

function graphOf(def: AnyOp, { attrs, inputs, outputs }: OpCase): Graph<'quantised'> {
  const ids = [...inputs.keys()]
  // A file holds numbers as float32.
  const stored = Object.fromEntries(Object.entries(attrs).map(([k, v]) => [k, typeof v === 'number' ? Math.fround(v) : v]))
  const node = { op: def.name, attrs: stored, inputs: ids, outputs: outputs.map((_, o) => inputs.length + o) }
  const tensors: Tensor[] = [...inputs, ...outputs].map((t, i) => ({ ...t, name: `t${i}` }))
  const free = ids.filter((t) => !inputs[t]!.data)
  return { phase: 'quantised', name: def.name, tensors, nodes: [node], inputs: free, outputs: node.outputs, metadata: {} }
}

test('each file of the folder is one operator, under its own name and in the index', () => {
  const rest = ['define.ts', 'registry.ts', 'index.ts', 'facts.ts', 'validate.ts', 'validate-roles.ts', 'opaque.ts']
  const files = readdirSync(new URL('../src/graph/ops/', import.meta.url)).filter((f) => f.endsWith('.ts') && !rest.includes(f))
  expect(files.map((f) => f.slice(0, -3)).sort()).toEqual([...ops.keys()].sort())
  for (const [exported, def] of Object.entries(index)) expect(letters(exported)).toBe(letters(def.name))
})

test('no two operators share a TFLite code', () => {
  const codes = [...ops.values()].flatMap((def) => (def.tflite ? [def.tflite.code] : []))
  expect(new Set(codes).size).toBe(codes.length)
})

/** Operators of files without an integer kernel, each with its reason. */
const realOnly = { neg: 'TFLM has none, and that of LiteRT minds neither scale nor zero point' }

test('an operator that no file can hold is gone by a phase, and the others have an integer kernel', () => {
  for (const def of ops.values())
    expect([def.name, def.tflite ? (def.int8 === undefined) === def.name in realOnly : phases.includes(def.goneBy!)]).toEqual([
      def.name,
      true,
    ])
})

describe.each([...ops])('%s', (_, def) => {
  test('its attributes have slots of their own and defaults of their kind', () => {
    const fields = Object.values(def.attrs as Fields)
    expect(new Set(fields.map((f) => f.slot)).size).toBe(fields.length)
    for (const { kind, default: value, values } of fields) {
      const fits = {
        i32: Number.isInteger(value),
        f32: Number.isFinite(value),
        bool: typeof value === 'boolean',
        enum: values?.includes(value),
        'i32[]': Array.isArray(value),
      }
      expect(fits[kind]).toBe(true)
    }
  })

  test('its examples have shapes, whole MACs, facts, and finite floats everywhere', () => {
    expect(families).toContain(def.family)
    expect(def.examples.length).toBeGreaterThan(0)
    for (const { attrs: given, shapes, consts } of def.examples) {
      const attrs = attrsWith(def, given as any)
      const inputs = shapes.map((shape, i): Operand => {
        const data = consts?.[i] ? Int32Array.from(consts[i]) : Float32Array.from({ length: size(shape) }, (_, e) => Math.sin(e + i) + 1.5)
        return { shape, dtype: consts?.[i] ? 'int32' : 'float32', data }
      })
      const outputs = def.infer(attrs, inputs).map((shape): Operand => ({ shape, dtype: 'float32' }))
      expect(outputs.length)[def.roles.restOut ? 'toBeGreaterThanOrEqual' : 'toBe'](def.roles.out.length)
      const macs = def.macs(attrs, inputs, outputs)
      expect(Number.isSafeInteger(macs) && macs >= 0).toBe(true)
      for (const fact of Object.values(def.facts(attrs, inputs, outputs))) expect(['number', 'string', 'boolean']).toContain(typeof fact)
      const results = outputs.map(({ shape }) => new Float32Array(size(shape)).fill(Number.NaN))
      def.float(
        attrs,
        inputs,
        outputs,
      )(
        inputs.map((t) => t.data as any),
        results,
      )
      for (const data of results) expect(data.every(Number.isFinite)).toBe(true)
    }
  })

  test.runIf(def.int8)('a file holds it: version, attributes, tensors and facts come back', () => {
    for (const one of casesOf(def)) {
      const graph = graphOf(def, one)
      expect(violations(graph)).toEqual([])
      const back = readTflite(writeTflite(graph))
      expect(back.nodes).toEqual(graph.nodes)
      expect(back.tensors.map(({ shape, dtype, quant }) => ({ shape, dtype, quant: quant?.scale }))).toEqual(
        graph.tensors.map(({ shape, dtype, quant }) => ({ shape, dtype, quant: quant?.scale })),
      )
      expect(Number.isInteger(def.tflite!.version(one.attrs, one.inputs, one.outputs))).toBe(true)
      expect(factsOf(back, back.nodes[0]!)).toEqual(factsOf(graph, graph.nodes[0]!))
    }
  })

  test.runIf(def.int8)('its integer kernel lies within a step of its float kernel', () => {
    for (const [n, one] of casesOf(def).entries())
      for (const vector of one.vectors) {
        const allowed = steps[`${def.name}${one.outputs[0]!.dtype === 'int16' ? ' int16' : ''}`]?.[0] ?? (moves(def) ? 0 : 1)
        const reals = runReal(def, one.attrs, one.inputs, one.outputs, vector)
        let next = 0
        const arrays = one.inputs.map((t) => t.data ?? vector[next++]!)
        const made = one.outputs.map((y) => allocate(y.dtype, size(y.shape)))
        if (refused(def, one)) continue
        def.int8!(one.attrs, one.inputs, one.outputs, 'tflm')(arrays as any, made as any)
        for (const [o, y] of one.outputs.entries()) {
          const [low, high] = limitsOf(y)
          const wanted = y.quant ? reals[o]!.map((v) => Math.min(high, Math.max(low, Math.round(v / scaleOf(y)) + zeroOf(y)))) : reals[o]!
          const worst = wanted.reduce((most, v, i) => (Number.isNaN(v) ? most : Math.max(most, Math.abs(v - Number(made[o]![i]!)))), 0)
          expect(worst, `case ${n}`).toBeLessThanOrEqual(allowed)
        }
      }
  })

  test.runIf(def.tflite && def.roles.in.length > 0)('roles name inputs that exist', () => {
    for (let i = 0; i < def.roles.in.length + 1; i++) {
      const role = roleOfInput(def, i)
      if (role.role === 'same') expect(role.as).toBeLessThan(def.roles.in.length)
    }
  })
})
