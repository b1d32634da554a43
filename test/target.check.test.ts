/** Checks on small graphs by hand: each fault gives exactly its finding, and a sound graph none. */
import { describe, expect, test } from 'vitest'
import type { Graph, Tensor } from '../src/graph/ir/graph.ts'
import { check } from '../src/target/check/check.ts'
import { broken, holds } from '../src/target/check/limit.ts'
import { loadTarget } from '../src/target/profiles/load.ts'
import type { Target } from '../src/target/profiles/schema.ts'
import { simulate } from '../src/target/simulate/simulate.ts'
import { bias, indices, map, oneNode, quant, weights } from './support/small-graph.ts'

const u55 = loadTarget('ethos-u55-128')
const codes = (graph: Graph<'quantised'>, target: Target = u55) => check(graph, target).findings.map(({ code }) => code)

const conv = (attrs: object, kernel = 3, out = [1, 8, 8, 4], value = 1) =>
  oneNode(
    'conv-2d',
    { strideH: 1, strideW: 1, ...attrs },
    [map('image', [1, 8, 8, 3]), weights('filter', [4, kernel, kernel, 3], 0, value), bias('bias', 4)],
    map('features', out),
  )

describe('limits', () => {
  test('ranges are closed; sets and values are exact', () => {
    expect([holds({ min: 1, max: 3 }, 1), holds({ min: 1, max: 3 }, 3), holds({ min: 1, max: 3 }, 4)]).toEqual([true, true, false])
    expect([holds({ oneOf: ['int8'] }, 'int8'), holds({ oneOf: ['int8'] }, 'int16'), holds({ is: true }, false)]).toEqual([
      true,
      false,
      false,
    ])
    expect(holds({ max: 3 }, 'three')).toBe(false)
    expect([holds({ multipleOf: 4 }, 8), holds({ multipleOf: 4 }, 6)]).toEqual([true, false])
    expect([holds({ max: 1, unit: 'KiB' }, 1024), holds({ max: 1, unit: 'KiB' }, 1025), holds({ max: 0.5, unit: 'MiB' }, 2 ** 19)]).toEqual(
      [true, false, true],
    )
    expect(broken({ a: { max: 1 }, b: { is: 1 }, c: { is: 1 } }, { a: 2, b: 1 })).toEqual(['a'])
  })
})

describe('Ethos-U55', () => {
  test('a plain convolution runs on the accelerator without findings', () => {
    expect(check(conv({}), u55)).toEqual({
      target: 'ethos-u55-128',
      findings: [],
      placement: {
        ...{ accelerator: 1, cpu: 0, nodes: ['accelerator'] },
        segments: [{ place: 'accelerator', nodes: [0] }],
        crossings: [],
      },
    })
  })

  test('a stride above 3 with padding falls to the CPU, and the finding says where and why', () => {
    const { findings, placement } = check(conv({ strideH: 4, strideW: 4 }, 5, [1, 2, 2, 4]), u55)
    expect(findings).toEqual([
      {
        code: 'wide-stride',
        severity: 'warning',
        node: 0,
        op: 'conv-2d',
        place: 'features',
        says: 'a stride above 3 needs a dilation of 1 and no padding',
        found: 'padded true',
        hint: 'Use a stride of 1 to 3, or pad before the layer and use VALID.',
        costs: 'cpu',
        evidence: { source: 'Arm Vela, SUPPORTED_OPS.md', sourceVersion: '5.1.0', confidence: 'documented' },
      },
    ])
    expect(placement).toMatchObject({ accelerator: 0, cpu: 1, nodes: ['cpu'] })
  })

  test('a stride above 3 is fine with VALID padding, and with SAME where nothing is padded; with dilation it is not', () => {
    expect(codes(conv({ strideH: 4, strideW: 4 }, 3, [1, 2, 2, 4]))).toEqual([])
    expect(codes(conv({ strideH: 4, strideW: 4, padding: 'valid' }, 3, [1, 2, 2, 4]))).toEqual([])
    expect(codes(conv({ strideH: 4, strideW: 1, padding: 'valid', dilationW: 2 }, 3, [1, 2, 4, 4]))).toEqual(['wide-stride'])
    expect(codes(conv({ dilationH: 2, dilationW: 2 }))).toEqual([])
  })

  test('weights that could overflow the accumulator', () => {
    const input = map('x', [1, 70000])
    const dense = (value: number) =>
      oneNode('fully-connected', {}, [input, weights('w', [1, 70000], 0, value), bias('b', 1)], map('y', [1, 1]))
    expect(codes(dense(127))).toEqual(['sum-of-weights'])
    expect(codes(dense(100))).toEqual([])
  })

  test('depthwise strides, pools, means, softmax, maximum, resize, slices: each its own rule', () => {
    const deep = (strideH: number) =>
      oneNode(
        'depthwise-conv-2d',
        { strideH, strideW: 1, padding: 'valid' },
        [map('x', [1, 9, 9, 4]), weights('w', [1, 3, 3, 4], 3), bias('b', 4)],
        map('y', [1, Math.ceil(7 / strideH), 7, 4]),
      )
    expect([codes(deep(3)), codes(deep(4))]).toEqual([[], ['depthwise-stride']])
    const pool = (op: string, padding: string, filterH: number, strideH = 1) =>
      oneNode(op, { padding, filterH, filterW: 2, strideH, strideW: 1 }, [map('x', [1, 300, 4, 4])], map('y', [1, 1, 1, 4]))
    expect(codes(pool('average-pool-2d', 'same', 9))).toEqual(['average-pool-same'])
    expect(codes(pool('average-pool-2d', 'valid', 257))).toEqual(['average-pool-valid'])
    expect(codes(pool('average-pool-2d', 'same', 5, 4))).toEqual(['average-pool-stride'])
    expect(codes(pool('max-pool-2d', 'valid', 257))).toEqual(['max-pool-kernel'])
    expect(codes(pool('max-pool-2d', 'same', 9))).toEqual([])
    const mean = (shape: number[], axes: number[], out: number[]) =>
      oneNode('mean', {}, [map('x', shape), indices('axes', axes)], map('y', out))
    expect(codes(mean([1, 4, 4, 8], [1, 2], [1, 8]))).toEqual([])
    expect(codes(mean([1, 4, 4, 8], [3], [1, 4, 4]))).toEqual(['mean-depth'])
    expect(codes(mean([2, 4, 4, 8], [1, 2], [2, 8]))).toEqual(['mean-batch'])
    expect(codes(mean([1, 5000, 1, 8], [1, 2], [1, 8]))).toEqual(['mean-extent'])
    expect(codes(oneNode('softmax', {}, [map('x', [70000, 4])], map('y', [70000, 4])))).toEqual(['softmax-rows'])
    const larger = (q = quant()) => oneNode('maximum', {}, [map('a', [1, 4]), map('b', [1, 4], q)], map('y', [1, 4]))
    expect([codes(larger()), codes(larger(quant(0.07)))]).toEqual([[], ['equal-scales']])
    const resize = (h: number, attrs = {}) =>
      oneNode('resize-bilinear', attrs, [map('x', [1, 4, 4, 2]), indices('size', [h, 8])], map('y', [1, h, 8, 2]))
    expect([codes(resize(8)), codes(resize(12))]).toEqual([[], ['resize-factor']])
    const step = (by: number) =>
      oneNode('strided-slice', {}, [map('x', [1, 8]), indices('b', [0, 0]), indices('e', [1, 8]), indices('s', [1, by])], map('y', [1, 4]))
    expect([codes(step(2)), codes(step(-1))]).toEqual([[], ['slice-strides']])
  })

  test('general rules: float maps, missing scales, per-axis maps, 32-bit maps', () => {
    const relu = (x: Tensor, y: Tensor) => oneNode('relu', {}, [x], y)
    expect(codes(relu({ name: 'x', shape: [1, 4], dtype: 'float32' }, { name: 'y', shape: [1, 4], dtype: 'float32' }))).toContain(
      'integer-maps',
    )
    expect(codes(relu({ name: 'x', shape: [1, 4], dtype: 'int8' }, map('y', [1, 4])))).toEqual(['quantised-tensors'])
    const perAxis = { scale: [0.1, 0.2], zero: [0, 0], axis: 1 }
    expect(codes(relu(map('x', [1, 2], perAxis), map('y', [1, 2])))).toEqual(['per-tensor-maps'])
    expect(codes(relu(map('x', [1, 2], quant(), 'int32'), map('y', [1, 2], quant(), 'int32')))).toEqual(['no-int32-maps'])
    expect(codes(relu(map('x', [1, 2], quant(), 'int32'), map('y', [1, 2], quant(0.1, 3), 'int32')))).toEqual([
      'zero-of-int32',
      'no-int32-maps',
    ])
  })

  test('an operator outside the support table falls to the CPU; a reshape is folded', () => {
    const { findings, placement } = check(
      oneNode('dequantize', {}, [map('x', [1, 4])], { name: 'y', shape: [1, 4], dtype: 'float32' }),
      u55,
    )
    expect(findings.map(({ code, found, place }) => [code, found, place])).toEqual([['unsupported-operator', 'dequantize', 'y']])
    expect(placement.nodes).toEqual(['cpu'])
    const reshape = oneNode('reshape', { newShape: [1, 16] }, [map('x', [1, 4, 4, 1])], map('y', [1, 16]))
    expect(check(reshape, u55).placement.nodes).toEqual(['folded'])
  })

  test('a CPU layer has no price: the estimate names it and says so', () => {
    const graph = conv({ strideH: 4, strideW: 4 }, 5, [1, 2, 2, 4])
    const estimate = simulate(graph, u55)
    expect(estimate.unpriced).toEqual(['features'])
    expect(estimate.layers[0]).toMatchObject({ boundBy: 'cpu', cycles: 0 })
    expect(estimate.notes.join(' ')).toContain('conv-2d (features)')
  })
})

test('a target that refuses an operator says so as an error', () => {
  const refusing: Target = { ...u55, support: { ...u55.support, operators: ['add'], otherwise: 'refused' } }
  expect(check(conv({}), refusing).findings.map(({ severity }) => severity)).toEqual(['error'])
})

test('a sum that may not fit 32 bits is a finding with its bound on every target', () => {
  const graph = conv({})
  expect(codes(graph)).toEqual([])
  const b = graph.nodes[0]!.inputs[2]!
  const full = { ...graph, tensors: graph.tensors.map((t, i) => (i === b ? { ...t, data: Int32Array.of(0, 2 ** 31 - 1, 0, 0) } : t)) }
  for (const target of [u55, loadTarget('cortex-m55-tflm')]) {
    const finding = check(full, target).findings.find(({ code }) => code === 'accumulator-overflow')
    expect(finding).toMatchObject({
      severity: 'warning',
      node: 0,
      place: 'features',
      found: expect.stringMatching(/ adds up to 21474\d+$/),
    })
  }
})
