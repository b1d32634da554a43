/** Every rule of the machines that are no Arm NPU, and of Vela 3.10: a small graph that breaks it, and one that does not. */
import { describe, expect, test } from 'vitest'
import type { DType, Graph, Tensor } from '../src/graph/ir/graph.ts'
import { check } from '../src/target/check/check.ts'
import { loadTarget } from '../src/target/profiles/load.ts'
import { bias, indices, map, oneNode, quant, weights } from './support/small-graph.ts'

type G = Graph<'quantised'>

const image = (h = 8, w = 8, c = 4, dtype: DType = 'int8') => map('x', [1, h, w, c], quant(), dtype)
const open = (t: Tensor): Tensor => {
  const { data: _, ...rest } = t
  return rest
}
const perTensor = (t: Tensor): Tensor => ({ ...t, quant: quant(0.01) })
const whole: Conv = { w: perTensor, b: perTensor }

type Conv = {
  kh?: number
  kw?: number
  c?: number
  o?: number
  size?: number
  x?: Tensor
  w?: (t: Tensor) => Tensor
  b?: (t: Tensor) => Tensor
  y?: Tensor
}
const conv = (
  attrs: object = {},
  { kh = 3, kw = kh, c = 4, o = 4, size = 8, x = image(size, size, c), w = (t) => t, b = (t) => t, y }: Conv = {},
): G =>
  oneNode(
    'conv-2d',
    { strideH: 1, strideW: 1, ...attrs },
    [x, w(weights('w', [o, kh, kw, c])), b(bias('b', o))],
    y ?? map('y', [1, size, size, o]),
  )
const deep = (attrs: object = {}, { kh = 3, kw = kh, c = 4, o = c }: Conv = {}): G =>
  oneNode(
    'depthwise-conv-2d',
    { strideH: 1, strideW: 1, ...attrs },
    [image(8, 8, c), weights('w', [1, kh, kw, o], 3), bias('b', o)],
    map('y', [1, 8, 8, o]),
  )
const dense = (
  attrs: object = {},
  { rows = 1, w = perTensor, out = [rows, 3] }: { rows?: number; w?: (t: Tensor) => Tensor; out?: number[] } = {},
): G => oneNode('fully-connected', attrs, [map('x', [rows, 6]), w(weights('w', [3, 6])), perTensor(bias('b', 3))], map('y', out))
const pool = (attrs: object = {}, op = 'max-pool-2d', x = image(), y = map('y', [1, 4, 4, 4])): G =>
  oneNode(op, { filterH: 2, filterW: 2, strideH: 2, strideW: 2, ...attrs }, [x], y)
const join = (attrs: object = {}, ...more: Tensor[]): G =>
  oneNode('concatenation', { axis: 3, ...attrs }, [image(), ...more], map('y', [1, 8, 8, 8]))
const constant = (value: number): Tensor => ({ ...map('k', [1, 8, 8, 4]), data: new Int8Array(256).fill(value) })
const mean = (axes: number[], c = 4, shape: number[] = [1, 8, 8, c], out: number[] = [1, c]): G =>
  oneNode('mean', {}, [map('x', shape), indices('a', axes)], map('y', out))
const unary = (op: string, shape: number[] = [1, 8, 8, 4], attrs: object = {}, dtype: DType = 'int8', out: DType = dtype): G =>
  oneNode(op, attrs, [map('x', shape, quant(), dtype)], map('y', shape, quant(), out))
const resize = (h: number, w = h): G => oneNode('resize-bilinear', {}, [image(), indices('size', [h, w])], map('y', [1, h, w, 4]))
const cut = (attrs: object, begin: number[], end: number[], steps: number[]): G =>
  oneNode('strided-slice', attrs, [image(), indices('b', begin), indices('e', end), indices('s', steps)], map('y', [1, 4, 4, 4]))
const pad = (widths: number[]): G =>
  oneNode(
    'pad',
    {},
    [image(), { ...indices('p', widths), shape: [4, 2] }],
    map(
      'y',
      [1, 8, 8, 4].map((n, i) => n + widths[2 * i]! + widths[2 * i + 1]!),
    ),
  )
const transpose = (shape: number[], order: number[]): G =>
  oneNode(
    'transpose',
    {},
    [map('x', shape), indices('p', order)],
    map(
      'y',
      order.map((axis) => shape[axis]!),
    ),
  )
const reduce = (axes: number[], out: number[]): G => oneNode('reduce-max', {}, [image(), indices('a', axes)], map('y', out))
const up = (attrs: object, k: number): G =>
  oneNode(
    'transpose-conv',
    { strideH: 2, strideW: 2, ...attrs },
    [indices('o', [1, 16, 16, 3]), weights('w', [3, k, k, 4]), image()],
    map('y', [1, 16, 16, 3]),
  )
const argMax = (axis: number, out: number[]): G => {
  const graph = oneNode('arg-max', { outputType: 'int32' }, [image(), indices('a', [axis])], map('y', out, undefined, 'int32'))
  return { ...graph, tensors: graph.tensors.map((t) => (t.name === 'y' ? { name: 'y', shape: out, dtype: 'int32' } : t)) }
}
const unscaled = (): G => {
  const graph = unary('relu')
  return { ...graph, tensors: graph.tensors.map(({ name, shape, dtype }) => ({ name, shape, dtype })) }
}
const perAxisMap: Tensor = { ...image(), quant: { scale: [0.1, 0.2, 0.3, 0.4], zero: [0, 0, 0, 0], axis: 3 } }
const zeroPoint = (zero: number): G => oneNode('relu', {}, [map('x', [1, 4], quant(0.1, zero))], map('y', [1, 4], quant(0.1, zero)))
/** `n` ReLUs in a row, those of `cpu` by an operator that no machine here runs. */
const row = (n: number, cpu: readonly number[] = []): G => {
  const tensors = Array.from({ length: n + 1 }, (_, i) => map(`t${i}`, [1, 2, 2, 4]))
  const nodes = tensors.slice(1).map((_, i) => ({ op: cpu.includes(i) ? 'elu' : 'relu', attrs: {}, inputs: [i], outputs: [i + 1] }))
  return { phase: 'quantised', name: 'row', tensors, nodes, inputs: [0], outputs: [n], metadata: {} }
}
const floatGraph = (): G => unary('relu', [1, 4], {}, 'float32')

/** By rule: a graph that breaks it, and one like it that keeps it. */
type Cases = Readonly<Record<string, readonly [breaks: G, keeps: G]>>

const edge: Cases = {
  'integer-maps': [unary('relu', [1, 4], {}, 'int16'), unary('relu', [1, 4], {}, 'uint8')],
  'quantised-tensors': [unscaled(), unary('relu')],
  'static-shapes': [unary('relu', [1, 0, 4]), unary('relu', [1, 1, 4])],
  'constant-parameters': [conv({}, { w: open }), conv()],
  'three-axes': [unary('relu', [2, 4, 4, 4]), unary('relu', [1, 4, 4, 4])],
  'pool-activation': [pool({ fusedActivation: 'relu' }), pool()],
  'concatenation-activation': [join({ fusedActivation: 'relu' }, map('z', [1, 8, 8, 4])), join({}, map('z', [1, 8, 8, 4]))],
  'concatenation-constant': [join({}, constant(1)), join({}, constant(0))],
  'equal-dilations': [conv({ dilationH: 2 }), conv({ dilationH: 2, dilationW: 2 })],
  'dense-format': [dense({ weightsFormat: 'shuffled-4x16-int8' }), dense()],
  'dense-batch': [dense({}, { rows: 2 }), dense()],
  'mean-batch': [mean([0], 4, [1, 8, 8, 4], [8, 8, 4]), mean([1, 2])],
  'mean-channels': [mean([3], 6, [1, 8, 8, 6], [1, 8, 8]), mean([3], 8, [1, 8, 8, 8], [1, 8, 8])],
  'reduce-batch': [reduce([0], [8, 8, 4]), reduce([1], [1, 8, 4])],
  'pack-batch': [
    oneNode('pack', { axis: 0, valuesCount: 2 }, [map('a', [3, 4]), map('b', [3, 4])], map('y', [1, 3, 4])),
    oneNode('pack', { axis: 1, valuesCount: 2 }, [map('a', [3, 4]), map('b', [3, 4])], map('y', [3, 2, 4])),
  ],
  'pad-batch': [pad([1, 0, 0, 0, 0, 0, 0, 0]), pad([0, 0, 1, 1, 0, 0, 0, 0])],
  'prelu-alpha': [
    oneNode('prelu', {}, [image(), { ...map('a', [8, 1, 4]), data: new Int8Array(32) }], map('y', [1, 8, 8, 4])),
    oneNode('prelu', {}, [image(), { ...map('a', [1, 1, 4]), data: new Int8Array(4) }], map('y', [1, 8, 8, 4])),
  ],
  'softmax-rows': [unary('softmax', [2, 10], { beta: 1 }), unary('softmax', [1, 10], { beta: 1 })],
  'softmax-length': [unary('softmax', [1, 16001], { beta: 1 }), unary('softmax', [1, 16000], { beta: 1 })],
  'slice-strides': [cut({}, [0, 0, 0, 0], [1, 8, 8, 4], [1, 2, 2, 1]), cut({}, [0, 0, 0, 0], [1, 4, 4, 4], [1, 1, 1, 1])],
  'large-reshape': [
    oneNode('reshape', { newShape: [1, 2 ** 20] }, [map('x', [1, 1024, 1024])], map('y', [1, 2 ** 20])),
    oneNode('reshape', { newShape: [1, 256] }, [image()], map('y', [1, 256])),
  ],
  'resize-size': [resize(12), resize(16)],
  'weights-on-chip': [
    oneNode('fully-connected', {}, [map('x', [1, 9000]), perTensor(weights('w', [1000, 9000])), bias('b', 1000)], map('y', [1, 1000])),
    oneNode('fully-connected', {}, [map('x', [1, 8000]), perTensor(weights('w', [1000, 8000])), bias('b', 1000)], map('y', [1, 1000])),
  ],
}

const tidl: Cases = {
  'static-shapes': [unary('relu', [1, 0, 4]), unary('relu', [1, 1, 4])],
  'four-axes': [unary('relu', [1, 1, 4, 4, 4]), unary('relu', [1, 4, 4, 4])],
  'largest-subgraph': [row(865), row(864)],
  'equal-strides': [conv({ strideH: 2 }), conv({ strideH: 2, strideW: 2 })],
  'large-kernel-stride': [conv({ strideH: 2, strideW: 2 }, { kh: 9 }), conv({ strideH: 2, strideW: 2 }, { kh: 7 })],
  'stride-4': [conv({ strideH: 4, strideW: 4 }, { kh: 5, size: 16 }), conv({ strideH: 4, strideW: 4 }, { kh: 11, size: 16 })],
  'depthwise-kernel': [deep({}, { kh: 3, kw: 5 }), deep({ strideH: 2, strideW: 2 }, { kh: 5 })],
  'constant-parameters': [conv({}, { b: open }), conv()],
  'transpose-convolution': [up({}, 3), up({}, 4)],
  'pool-kernel': [
    pool({ filterH: 4, filterW: 4 }),
    pool({ filterH: 8, filterW: 8, padding: 'valid' }, 'max-pool-2d', image(), map('y', [1, 1, 1, 4])),
  ],
  'global-pool': [
    pool({ filterH: 33, filterW: 33, padding: 'valid' }, 'average-pool-2d', image(33, 33), map('y', [1, 1, 1, 4])),
    pool({ filterH: 32, filterW: 32, padding: 'valid' }, 'average-pool-2d', image(32, 32), map('y', [1, 1, 1, 4])),
  ],
  'global-mean': [mean([1, 2], 4, [1, 33, 33, 4]), mean([1, 2], 4, [1, 32, 32, 4])],
  'resize-factor': [resize(24), resize(16)],
  'softmax-axis': [unary('softmax', [1, 4, 4, 3], { beta: 1 }), unary('softmax', [1, 1, 1, 3], { beta: 1 })],
  'concatenation-axis': [
    oneNode('concatenation', { axis: 0 }, [image(), map('z', [1, 8, 8, 4])], map('y', [2, 8, 8, 4])),
    join({}, map('z', [1, 8, 8, 4])),
  ],
  'arg-max-axis': [argMax(1, [1, 8, 4]), argMax(-1, [1, 8, 8])],
  'clip-range': [conv({ fusedActivation: 'tanh' }), conv({ fusedActivation: 'relu6' })],
  'reduce-axis': [reduce([2], [1, 8, 4]), reduce([1], [1, 8, 4])],
  'slice-axes': [cut({}, [0, 0, 0, 0], [1, 4, 4, 4], [1, 1, 1, 1]), cut({}, [0, 0, 0, 0], [1, 4, 8, 4], [1, 1, 1, 1])],
}
const castAt = (inside: boolean): G => {
  const cast = { op: 'cast', attrs: oneNode('cast', {}, [map('a', [1])], map('b', [1])).nodes[0]!.attrs, inputs: [1], outputs: [2] }
  const relu = (from: number) => ({ op: 'relu', attrs: {}, inputs: [from], outputs: [from + 1] })
  const tensors = Array.from({ length: 4 }, (_, i) => map(`t${i}`, [1, 4]))
  return {
    phase: 'quantised',
    name: 'cast',
    tensors,
    nodes: [relu(0), cast, relu(2)],
    inputs: [0],
    outputs: inside ? [3] : [2, 3],
    metadata: {},
  }
}
const tidlAll: Cases = { ...tidl, 'cast-at-edge': [castAt(true), castAt(false)] }

const tda4vm: Cases = {
  ...tidlAll,
  'float-artefact': [unary('relu', [1, 4]), floatGraph()],
  'symmetric-maps': [zeroPoint(3), zeroPoint(0)],
  'per-tensor-weights': [conv(), conv({}, whole)],
}
const am62a: Cases = { ...tidlAll, 'stride-3-kernel-3': [conv({ strideH: 3, strideW: 3 }), conv({ strideH: 2, strideW: 2 })] }

const imx8mp: Cases = {
  'static-shapes': [unary('relu', [1, 0, 4]), unary('relu', [1, 1, 4])],
  'integer-maps': [floatGraph(), unary('relu')],
  'uint8-maps': [unary('relu'), unary('relu', [1, 4], {}, 'uint8')],
  'per-tensor-weights': [conv(), conv({}, whole)],
}

const imx95: Cases = {
  'static-shapes': [unary('relu', [1, 0, 4]), unary('relu', [1, 1, 4])],
  'integer-maps': [unary('relu', [1, 4], {}, 'int16'), unary('relu')],
  'symmetric-weights': [conv({}, { w: open }), conv()],
  'working-set': [unary('relu', [1, 513, 512, 4]), unary('relu', [1, 512, 512, 4])],
  'size-cliff': [unary('relu', [1, 320, 32, 4]), unary('relu', [1, 319, 319, 4])],
}

/** Only what Vela 3.10 says beyond, or otherwise than, 5.1. */
const vela310: Cases = {
  rank: [unary('relu', [1, 1, 4, 4, 4]), unary('relu', [1, 4, 4, 4])],
  extents: [unary('relu', [1, 65536]), unary('relu', [1, 65535])],
  batch: [unary('relu', [2, 4, 4, 4]), unary('softmax', [2, 4], { beta: 1 })],
  'fused-activation': [conv({ fusedActivation: 'sign-bit' }), conv({ fusedActivation: 'tanh' })],
  'fused-activation-dtype': [
    oneNode('add', { fusedActivation: 'relu' }, [map('a', [1, 4]), map('b', [1, 4])], map('y', [1, 4], quant(), 'int32')),
    oneNode('add', {}, [map('a', [1, 4]), map('b', [1, 4])], map('y', [1, 4], quant(), 'int32')),
  ],
  'no-int32-maps': [
    oneNode('reshape', { newShape: [4] }, [map('x', [1, 4], quant(), 'int32')], map('y', [4], quant(), 'int32')),
    oneNode('mul', {}, [map('a', [1, 4]), map('b', [1, 4])], map('y', [1, 4], quant(), 'int32')),
  ],
  'quantised-tensors': [unscaled(), unary('relu')],
  'per-axis-weights': [dense({}, { w: (t) => t }), dense()],
  'dilated-kernel': [conv({ dilationH: 32 }, { size: 80 }), conv({ dilationH: 31 }, { size: 80 })],
  'stride-height': [conv({ strideH: 4, padding: 'valid' }), conv({ strideH: 3 })],
  'stride-width': [conv({ strideW: 4, padding: 'valid' }), conv({ strideW: 3 })],
  'max-pool-stride': [pool({ strideH: 4, padding: 'valid' }), pool({ strideH: 3 })],
  'depth-multiplier': [deep({}, { c: 4, o: 8 }), deep({}, { c: 1, o: 8 })],
  'dense-weights-constant': [dense({}, { w: (t) => open(perTensor(t)) }), dense()],
  'dense-output-rank': [dense({ keepNumDims: true }, { out: [1, 1, 3] }), dense()],
  'slice-strides': [cut({}, [0, 0, 0, 0], [1, 8, 8, 4], [1, 2, 2, 1]), cut({}, [0, 0, 0, 0], [1, 4, 4, 4], [1, 1, 1, 1])],
  'pad-axes': [pad([0, 0, 0, 0, 0, 0, 0, 1]), pad([0, 0, 1, 1, 2, 0, 0, 0])],
  'mean-extent': [mean([1, 2], 4, [1, 2, 4097, 4]), mean([1, 2], 4, [1, 2, 4096, 4])],
  'mean-rank': [mean([0], 4, [4], []), mean([0], 4, [4, 4], [4])],
  'mean-batch': [mean([0], 4, [2, 8, 8, 4], [8, 8, 4]), mean([0], 4, [1, 8, 8, 4], [8, 8, 4])],
  'softmax-beta': [unary('softmax', [1, 4], { beta: -1 }), unary('softmax', [1, 4], { beta: 1 })],
  'pool-dtype': [pool({}, 'max-pool-2d', image(), map('y', [1, 4, 4, 4], quant(), 'int16')), pool()],
  'hard-swish-dtype': [unary('hard-swish', [1, 4], {}, 'int16'), unary('hard-swish', [1, 4])],
  'rsqrt-dtype': [unary('rsqrt', [1, 4], {}, 'int16'), unary('rsqrt', [1, 4])],
  'exp-dtype': [unary('exp', [1, 4], {}, 'uint8'), unary('exp', [1, 4])],
  'transpose-permutation': [transpose([1, 2, 3, 4], [0, 3, 1, 2]), transpose([1, 2, 3, 4], [0, 2, 1, 3])],
  'legacy-transpose-conv': [up({ strideH: 3 }, 4), up({}, 4)],
}

const rcar: Cases = {
  'static-shapes': [unary('relu', [1, 0, 4]), unary('relu', [1, 1, 4])],
  'float-artefact': [unary('relu', [1, 4]), floatGraph()],
}
const a53: Cases = {
  'quantised-tensors': [oneNode('relu', {}, [map('x', [1, 4], quant(0))], map('y', [1, 4])), unary('relu')],
  'per-tensor-maps': [oneNode('relu', {}, [perAxisMap], map('y', [1, 8, 8, 4])), unary('relu')],
}
const template: Cases = {
  'integer-maps': [unary('relu', [1, 4], {}, 'uint8'), unary('relu')],
  'static-shapes': [unary('relu', [1, 0, 4]), unary('relu', [1, 1, 4])],
  'constant-parameters': [dense({}, { w: open }), dense()],
  strides: [conv({ strideH: 3 }), conv({ strideH: 2 })],
}

describe.each<[string, Cases]>([
  ['coral-edgetpu', edge],
  ['ti-tda4vm', tda4vm],
  ['ti-am62a', am62a],
  ['nxp-imx8mp', imx8mp],
  ['nxp-imx93', vela310],
  ['nxp-imx95', imx95],
  ['renesas-rcar', rcar],
  ['cortex-a53-litert', a53],
  ['systolic', template],
])('%s', (name, cases) => {
  const target = loadTarget(name)
  test.each(Object.entries(cases).map(([code, [breaks, keeps]]) => [code, breaks, keeps] as const))('%s', (code, breaks, keeps) => {
    const finding = check(breaks, target).findings.find((f) => f.code === code)
    const rule = target.rules.find((one) => one.code === code)!
    const costs = code === 'cast-at-edge' ? 'splits-graph' : rule.costs
    expect(finding).toMatchObject({ severity: rule.severity, says: rule.says, hint: rule.hint, costs, evidence: rule.evidence })
    expect(finding!.node).toBe(rule.scope === 'model' ? -1 : code === 'cast-at-edge' ? 1 : 0)
    expect(check(keeps, target).findings.map((f) => f.code)).not.toContain(code)
    if (rule.scope === 'node') expect(check(breaks, target).placement.cpu > 0).toBe(rule.costs === 'cpu' || rule.costs === 'refused')
  })

  test('has a case for each of its own rules', () => {
    const inherited = name === 'nxp-imx93' ? loadTarget('ethos-u65-256').rules : []
    const own = target.rules.filter((rule) => !inherited.some((theirs) => JSON.stringify(theirs) === JSON.stringify(rule)))
    expect(own.map(({ code }) => code).sort()).toEqual(Object.keys(cases).sort())
  })
})

describe('parts of a graph', () => {
  const places = (graph: G, target: string) => check(graph, loadTarget(target)).placement

  test('Edge TPU: everything after the first operator that it cannot run stays on the CPU, with one finding', () => {
    const { findings, placement } = check(row(6, [2]), loadTarget('coral-edgetpu'))
    expect(placement.nodes).toEqual(['accelerator', 'accelerator', 'cpu', 'cpu', 'cpu', 'cpu'])
    expect(findings.map(({ code, node, costs }) => [code, node, costs])).toEqual([
      ['unsupported-operator', 2, 'cpu'],
      ['single-subgraph', 3, 'cpu'],
    ])
    expect(findings[1]!.found).toBe('2 parts; 3 operators from here on could run, and do not')
    expect(placement.segments).toEqual([
      { place: 'accelerator', nodes: [0, 1] },
      { place: 'cpu', nodes: [2, 3, 4, 5] },
    ])
    expect(placement.crossings).toEqual([{ tensor: 2, name: 't2', bytes: 16, from: 0, to: 1 }])
  })

  test('an operator that the CPU runs first leaves the rest to the Edge TPU', () => {
    expect(places(row(3, [0]), 'coral-edgetpu').nodes).toEqual(['cpu', 'accelerator', 'accelerator'])
  })

  test('other machines go on after it, and the finding says that it splits the graph', () => {
    const { findings, placement } = check(row(5, [1, 3]), loadTarget('systolic'))
    expect(placement.nodes).toEqual(['accelerator', 'cpu', 'accelerator', 'cpu', 'accelerator'])
    expect(findings.map(({ costs }) => costs)).toEqual(['splits-graph', 'splits-graph'])
    expect(placement.crossings!.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ])
    expect(check(row(3, [2]), loadTarget('systolic')).findings.map(({ costs }) => costs)).toEqual(['cpu'])
  })

  test('TIDL takes sixteen parts', () => {
    const odd = (n: number) => Array.from({ length: n }, (_, i) => 2 * i + 1)
    const target = { ...loadTarget('ti-am62a'), support: { ...loadTarget('ti-am62a').support, operators: ['relu'] } }
    expect(check(row(31, odd(15)), target).findings.map(({ code }) => code)).not.toContain('too-many-subgraphs')
    const { findings, placement } = check(row(35, odd(17)), target)
    expect(findings.filter(({ code }) => code === 'too-many-subgraphs').map(({ node }) => node)).toEqual([32])
    expect(placement.accelerator).toBe(16)
  })

  test('a branch beside the CPU operator stays in the first part, and a tensor crosses once for each reader', () => {
    const base = row(4)
    const graph: G = {
      ...base,
      nodes: [
        { op: 'relu', attrs: {}, inputs: [0], outputs: [1] },
        { op: 'elu', attrs: {}, inputs: [1], outputs: [2] },
        { op: 'relu', attrs: {}, inputs: [1], outputs: [3] },
        { ...oneNode('add', {}, [map('a', [1]), map('b', [1])], map('c', [1])).nodes[0]!, inputs: [2, 3], outputs: [4] },
      ],
    }
    const { segments, crossings } = places(graph, 'systolic')
    expect(segments).toEqual([
      { place: 'accelerator', nodes: [0, 2] },
      { place: 'cpu', nodes: [1] },
      { place: 'accelerator', nodes: [3] },
    ])
    expect(crossings!.map(({ name, from, to }) => [name, from, to])).toEqual([
      ['t1', 0, 1],
      ['t2', 1, 2],
      ['t3', 0, 2],
    ])
  })

  test('a rule of a profile bounds the parts itself', () => {
    const template = loadTarget('systolic')
    const rule = { ...template.rules[0]!, code: 'few-parts', scope: 'model' as const, limits: { segments: { max: 1 } } }
    const codes = (graph: G) =>
      check(graph, { ...template, rules: [...template.rules, rule] }).findings.map(({ code, found }) => [code, found])
    expect(codes(row(3, [1]))).toContainEqual(['few-parts', 'segments 2'])
    expect(codes(row(3))).toEqual([])
  })

  test('a rule that is said once counts the others', () => {
    const found = check(row(3), loadTarget('nxp-imx8mp')).findings.filter(({ code }) => code === 'uint8-maps')
    expect(found.map((f) => f.found)).toEqual(['dtype int8, and 2 other operators'])
  })
})
