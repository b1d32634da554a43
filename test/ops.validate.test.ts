/** Each law of a graph, broken once: validate says so in words, and says nothing of a good graph. */
import { expect, test } from 'vitest'
import type { Graph, Tensor } from '../src/graph/ir/graph.ts'
import { conv2d } from '../src/graph/ops/conv-2d.ts'
import { attrsWith, nodeOf } from '../src/graph/ops/define.ts'
import { ensemble } from '../src/graph/ops/ensemble.ts'
import { maximum } from '../src/graph/ops/maximum.ts'
import { relu } from '../src/graph/ops/relu.ts'
import { validate, violations } from '../src/graph/ops/validate.ts'

const q = (scale: number, zero = 0) => ({ scale: [Math.fround(scale)], zero: [zero], axis: 0 })
const good: Graph<'quantised'> = {
  phase: 'quantised',
  name: 'good',
  tensors: [
    { name: 'x', shape: [1, 4, 4, 1], dtype: 'int8', quant: q(0.5, -3) },
    {
      name: 'w',
      shape: [2, 1, 1, 1],
      dtype: 'int8',
      data: Int8Array.of(127, -127),
      quant: { scale: [0.25, 0.125], zero: [0, 0], axis: 0 },
    },
    { name: 'b', shape: [2], dtype: 'int32', data: Int32Array.of(3, 4), quant: { scale: [0.125, 0.0625], zero: [0, 0], axis: 0 } },
    { name: 'y', shape: [1, 4, 4, 2], dtype: 'int8', quant: q(1, 5) },
    { name: 'z', shape: [1, 4, 4, 2], dtype: 'int8', quant: q(1, -128) },
    { name: 'm', shape: [1, 4, 4, 2], dtype: 'int8', quant: q(1, -128) },
  ],
  nodes: [nodeOf(conv2d, { strideH: 1, strideW: 1 }, [0, 1, 2], [3]), nodeOf(relu, {}, [3], [4]), nodeOf(maximum, {}, [4, 4], [5])],
  inputs: [0],
  outputs: [5],
  metadata: {},
}

const withTensor = (t: number, change: Partial<Tensor>): Graph => ({
  ...good,
  tensors: good.tensors.map((old, i) => (i === t ? { ...old, ...change } : old)),
})
const withNode = (n: number, change: object): Graph => ({
  ...good,
  nodes: good.nodes.map((old, i) => (i === n ? { ...old, ...change } : old)),
})

test('a good graph is returned as it is', () => {
  expect(violations(good)).toEqual([])
  expect(validate(good)).toBe(good)
})

test.each<[string, Graph, RegExp]>([
  ['a length', withTensor(1, { data: Int8Array.of(1) }), /holds 1 elements for the shape \[2,1,1,1\]/],
  ['a type', withTensor(1, { data: Uint8Array.of(1, 2) }), /is int8 and holds a Uint8Array/],
  ['a shape', withTensor(3, { shape: [1, 4, -1, 2] }), /has the shape \[1,4,-1,2\]/],
  ['a scale', withTensor(3, { quant: q(0) }), /scale that is no positive float32/],
  ['a zero point', withTensor(3, { quant: q(1, 200) }), /zero point outside of int8/],
  ['scales along an axis', withTensor(1, { quant: { scale: [1, 1, 1], zero: [0, 0, 0], axis: 0 } }), /3 scales along axis 0/],
  ['an id', withNode(1, { inputs: [17] }), /names tensor 17, which does not exist/],
  ['the order', { ...good, nodes: [good.nodes[1]!, good.nodes[0]!, good.nodes[2]!] }, /uses tensor 3 \(y\) before it is made/],
  ['a single maker', withNode(1, { outputs: [3] }), /makes tensor 3 \(y\) again/],
  ['a constant left alone', withNode(1, { outputs: [1] }), /makes tensor 1 \(w\) again/],
  ['outputs made', { ...good, nodes: good.nodes.slice(0, 2) }, /the graph uses tensor 5 \(m\) before it is made/],
  ['a known operator', withNode(1, { op: 'relu7' }), /no such operator/],
  ['attributes', withNode(0, { attrs: { padding: 'same' } }), /attribute strideW is missing/],
  ['inputs present', withNode(0, { inputs: [0, -1, 2] }), /input 1 is missing/],
  ['inputs taken', withNode(1, { inputs: [3, 3] }), /has 2 inputs, and takes 1/],
  ['shapes inferred', withTensor(4, { shape: [1, 4, 2, 2] }), /its output has \[1,4,2,2\]/],
  ['shapes that fit', withTensor(2, { shape: [1], data: Int32Array.of(1), quant: q(1) }), /its bias has the shape \[1\]/],
  [
    'quantised maps',
    { ...good, tensors: good.tensors.map(({ quant, ...t }, i) => (i === 4 ? t : { ...t, ...(quant && { quant }) })) },
    /z is int8 without quantisation/,
  ],
  [
    'integer arithmetic',
    {
      ...good,
      tensors: good.tensors.map(({ quant, ...t }, i) =>
        i === 0 ? { ...t, dtype: 'float32' as const } : { ...t, ...(quant && { quant }) },
      ),
    },
    /x is still float32/,
  ],
  ['shared scales', withTensor(5, { quant: q(2, -128) }), /output 0 must share the scale of input 0/],
  ['bias scales', withTensor(2, { quant: q(0.125) }), /must have the scale of input times weight/],
  ['weights in [-127, 127]', withTensor(1, { data: Int8Array.of(-128, 1) }), /holds -128/],
  ['symmetric weights', withTensor(1, { quant: { scale: [0.25, 0.125], zero: [0, 1], axis: 0 } }), /must have the zero point 0/],
])('%s', (_, graph, words) => {
  expect(violations(graph).join('\n')).toMatch(words)
  expect(() => validate(graph)).toThrow(/broken promise/)
})

test('a foreign file may miss the laws of the quantiser, not those of the graph', () => {
  expect(violations(withTensor(1, { data: Int8Array.of(-128, 1) }), 'foreign')).toEqual([])
  expect(violations(withTensor(5, { quant: q(2, -128) }), 'foreign')).toEqual([])
  expect(violations(withNode(1, { inputs: [17] }), 'foreign')).not.toEqual([])
})

test('an ensemble is gone when a graph is stripped', () => {
  const node = { op: 'ensemble', attrs: attrsWith(ensemble, { alpha: 1 }), inputs: [0], outputs: [1] }
  const tensors: Tensor[] = [0, 1].map((i) => ({ name: `t${i}`, shape: [2], dtype: 'float32' }))
  const graph: Graph = { phase: 'imported', name: '', tensors, nodes: [node], inputs: [0], outputs: [1], metadata: {} }
  expect(violations(graph)).toEqual([])
  for (const phase of ['stripped', 'folded'] as const)
    expect(violations({ ...graph, phase }).join()).toMatch(`a ${phase} graph must not hold it`)
})
