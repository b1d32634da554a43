/** What nobody's kernel computes is refused with its place: a type without authority, a room without an integer kernel, numbers outside of a function's domain. */
import { expect, test } from 'vitest'
import { UserError } from '../src/errors.ts'
import { prepareExecutor } from '../src/execute/execute.ts'
import type { DType, Graph, Tensor } from '../src/graph/ir/graph.ts'
import { type AnyOp, authorityOf, moves, nodeOf } from '../src/graph/ops/define.ts'
import { argMax, conv2d, gather, gelu, neg, prelu, relu, rsqrt, softmax, tile } from '../src/graph/ops/index.ts'
import { ops } from '../src/graph/ops/registry.ts'

const tensor = (name: string, dtype: DType, shape = [1, 4]): Tensor => ({
  ...{ name, shape, dtype },
  ...(dtype !== 'int64' && dtype !== 'int32' && { quant: { scale: [0.5], zero: [0], axis: 0 } }),
})

function graphOf(def: AnyOp, dtype: DType, attrs = {}, consts: readonly Tensor[] = [], out: Partial<Tensor> = {}): Graph<'quantised'> {
  const tensors = [tensor('x', dtype), ...consts, { ...tensor('y', dtype), ...out }]
  const last = tensors.length - 1
  const nodes = [nodeOf(def, attrs, [...tensors.keys()].slice(0, -1), [last])]
  return { phase: 'quantised', name: def.name, tensors, nodes, inputs: [0], outputs: [last], metadata: {} }
}

function refusal(act: () => unknown): UserError | undefined {
  try {
    act()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  return undefined
}

test('each operator of files names whom it equals, in int8 at least where it has an integer kernel', () => {
  for (const def of ops.values()) {
    if (def.int8) expect([def.name, authorityOf(def, 'int8')]).toEqual([def.name, expect.stringMatching(/^(tflm|litert)$/)])
    for (const dtype of ['uint8', 'bool'] as const) expect([def.name, authorityOf(def, dtype)]).toEqual([def.name, undefined])
  }
})

test('a type without authority is refused, moving elements is not', () => {
  for (const [def, dtype] of [
    [relu, 'uint8'],
    [gelu, 'int16'],
    [rsqrt, 'int16'],
    [softmax, 'uint8'],
  ] as const)
    expect(refusal(() => prepareExecutor(graphOf(def, dtype)))).toMatchObject({
      code: 'cannot-execute',
      found: dtype,
      message: expect.stringContaining(`${def.name} at y`),
    })
  expect(moves(tile)).toBe(true)
  const twice: Tensor = { name: 'times', shape: [2], dtype: 'int32', data: Int32Array.of(1, 2) }
  const [y] = prepareExecutor(graphOf(tile, 'uint8', {}, [twice], { shape: [1, 8] })).run([Uint8Array.of(1, 2, 3, 250)])
  expect([...(y as Uint8Array)]).toEqual([1, 2, 3, 250, 1, 2, 3, 250])
})

test('a room without an integer kernel is refused in int8, and computes in float', () => {
  expect(refusal(() => prepareExecutor(graphOf(neg, 'int8')))).toMatchObject({
    code: 'cannot-execute',
    message: expect.stringContaining('neg at y'),
  })
  const real = graphOf(neg, 'float32')
  const [y] = prepareExecutor({ ...real, tensors: real.tensors.map(({ name, shape, dtype }) => ({ name, shape, dtype })) }).run([
    Float32Array.of(1, -2, 0.5, 3),
  ])
  expect([...(y as Float32Array)]).toEqual([-1, 2, -0.5, -3])
})

test('a root of a negative number and an index outside of its axis end the run', () => {
  const root = prepareExecutor(graphOf(rsqrt, 'int8'))
  expect(refusal(() => root.run([Int8Array.of(4, -1, 2, 3)]))).toMatchObject({ code: 'cannot-execute', found: 'step -1' })
  const picks: Tensor = { name: 'picks', shape: [1], dtype: 'int32', data: Int32Array.of(4) }
  const pick = prepareExecutor(graphOf(gather, 'int8', { axis: 1 }, [picks], { shape: [1, 1] }))
  expect(refusal(() => pick.run([Int8Array.of(1, 2, 3, 4)]))).toMatchObject({ code: 'cannot-execute', found: '4', expected: '0 to 3' })
})

test('the index of the largest comes in int64 too', () => {
  const axis: Tensor = { name: 'axis', shape: [1], dtype: 'int32', data: Int32Array.of(1) }
  const bare: Tensor = { name: 'y', shape: [1], dtype: 'int64' }
  const graph = graphOf(argMax, 'int8', { outputType: 'int64' }, [axis])
  const [y] = prepareExecutor({ ...graph, tensors: [...graph.tensors.slice(0, -1), bare] }).run([Int8Array.of(3, 9, -4, 9)])
  expect(y).toEqual(BigInt64Array.of(1n))
})

test('16-bit activations take no bias of 32 bits, whose rounding nobody recorded', () => {
  const quant = { scale: [0.5], zero: [0], axis: 0 }
  const consts: Tensor[] = [
    { name: 'w', shape: [1, 1, 1, 4], dtype: 'int8', quant, data: new Int8Array(4) },
    { name: 'b', shape: [1], dtype: 'int32', quant, data: new Int32Array(1) },
  ]
  const graph = graphOf(conv2d, 'int16', { strideH: 1, strideW: 1 }, consts, { shape: [1, 1, 1, 1] })
  const image = { ...graph, tensors: graph.tensors.map((t, i) => (i === 0 ? { ...t, shape: [1, 1, 1, 4] } : t)) }
  expect(refusal(() => prepareExecutor(image))).toMatchObject({
    code: 'cannot-execute',
    message: expect.stringContaining('a bias of int64'),
  })
  expect(authorityOf(prelu, 'int16')).toBeUndefined()
})
