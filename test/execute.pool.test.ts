/** A data set gives the same bytes whoever executes it, and scores what it should. */
import { describe, expect, test } from 'vitest'
import { prepareExecutor } from '../src/execute/execute.ts'
import { evaluate } from '../src/execute/pool/evaluate.ts'
import { executeAll } from '../src/execute/pool/execute-all.ts'
import { spread } from '../src/execute/pool/spread.ts'
import { agreement, argmax, score } from '../src/execute/score.ts'
import type { Graph } from '../src/graph/ir/graph.ts'
import { nodeOf } from '../src/graph/ops/define.ts'
import { softmax } from '../src/graph/ops/softmax.ts'
import { mobilenetInt8 } from './samples/mobilenet-int8.ts'
import { draws } from './samples/overlay-cases.ts'

const CLASSES = 12
const COUNT = 21
const graph = mobilenetInt8({ classes: CLASSES })
const d = draws(3)
const inputs = Int8Array.from({ length: COUNT * 32 * 32 * 3 }, () => d.whole(-128, 127))

/** What the rooms' own kernels answer. */
function plain(): Int8Array {
  const executor = prepareExecutor(graph)
  const outputs = new Int8Array(COUNT * CLASSES)
  for (let i = 0; i < COUNT; i++)
    outputs.set(executor.run([inputs.subarray(i * 32 * 32 * 3, (i + 1) * 32 * 32 * 3)])[0] as Int8Array, i * CLASSES)
  return outputs
}
const expected = plain()

/** A softmax of 12 numbers. */
function modelFloat(): Graph {
  const tensor = (name: string) => ({ name, shape: [1, 12], dtype: 'float32' as const })
  const node = nodeOf(softmax, { beta: 1 }, [0], [1])
  return { phase: 'folded', name: 'float', tensors: [tensor('x'), tensor('y')], nodes: [node], inputs: [0], outputs: [1], metadata: {} }
}

describe('threads', () => {
  test.each([1, 2, 3])('%i give the bytes of the plain kernels', async (threads) => {
    const outputs = new Int8Array(new SharedArrayBuffer(COUNT * CLASSES))
    const next = new Int32Array(new SharedArrayBuffer(4))
    await spread({ graph, rounding: 'tflm', inputs, outputs, next }, threads)
    expect([...outputs]).toEqual([...expected])
    expect(next[0]).toBeGreaterThanOrEqual(COUNT)
  })

  test('one that fails ends the others and says why', async () => {
    const broken = { ...graph, nodes: [{ ...graph.nodes[0]!, op: 'no-such-op' }] }
    const work = { graph: broken, rounding: 'tflm', inputs, outputs: new Int8Array(COUNT * CLASSES), next: new Int32Array(1) } as const
    await expect(spread(work, 2)).rejects.toThrow(/no-such-op/)
  })
})

describe('a data set', () => {
  test('is executed whole, on this thread where others do not pay', async () => {
    expect([...(await executeAll(graph, inputs))]).toEqual([...expected])
    expect([...(await executeAll(graph, inputs, { threads: 2 }))]).toEqual([...expected])
  })

  test('of no whole number of samples is refused', async () => {
    await expect(executeAll(graph, inputs.subarray(1))).rejects.toMatchObject({ code: 'input-size', expected: 'a multiple of 3072' })
  })

  test('is refused by a model whose input is not int8', async () => {
    const float = { ...graph, tensors: graph.tensors.map((t, i) => (i === graph.inputs[0] ? { ...t, dtype: 'float32' as const } : t)) }
    await expect(executeAll(float, inputs)).rejects.toMatchObject({ code: 'io-not-int8' })
  })

  test('of floats runs through a float model, whoever executes it', async () => {
    const float = modelFloat()
    const inputs = Float32Array.from({ length: COUNT * 12 }, () => d.whole(-100, 100) / 50)
    const one = prepareExecutor(float)
    const alone = Array.from({ length: COUNT }, (_, i) => [...(one.run([inputs.subarray(i * 12, (i + 1) * 12)])[0] as Float32Array)]).flat()
    expect([...(await executeAll(float, inputs))]).toEqual(alone)
    const outputs = new Float32Array(new SharedArrayBuffer(COUNT * 12 * 4))
    await spread({ graph: float, rounding: 'tflm', inputs, outputs, next: new Int32Array(new SharedArrayBuffer(4)) }, 2)
    expect([...outputs]).toEqual(alone)
    await expect(executeAll(graph, inputs)).rejects.toMatchObject({ code: 'io-not-float32' })
  })

  test('is evaluated against its labels', async () => {
    const labels = Int32Array.from({ length: COUNT }, (_, i) =>
      i % 3 === 0 ? (argmax(expected, i * CLASSES, CLASSES) + 1) % CLASSES : argmax(expected, i * CLASSES, CLASSES),
    )
    const found = await evaluate(graph, inputs, labels, CLASSES)
    expect(found.samples).toBe(COUNT)
    expect(found.accuracy).toBeCloseTo(14 / 21, 12)
    expect([...found.outputs]).toEqual([...expected])
    expect(found.imagesPerSecond).toBeGreaterThan(0)
  })
})

test('scores count by class', () => {
  const outputs = [5, 1, 0, 1, 1, 0, 0, 0, 9, 0, 3, 3]
  expect(score(outputs, [0, 1, 2, 0], 3)).toEqual({
    samples: 4,
    accuracy: 0.5,
    recall: [0.5, 0, 1],
    confusion: [
      [1, 1, 0],
      [1, 0, 0],
      [0, 0, 1],
    ],
  })
  expect(score([1, 0, 0], [0], 3).recall).toEqual([1, null, null])
  expect(() => score([1, 0, 0], [3], 3)).toThrow(/label 3/)
  expect(() => score([1, 0], [0], 3)).toThrow(/2 scores/)
})

test('agreement counts the samples that get the same class', () => {
  expect(agreement([5, 1, 0, 1, 2, 2], Int8Array.of(9, 8, 7, -1, 3, -5), 3)).toBe(1)
  expect(agreement([5, 1, 0, 1, 2, 2], Int8Array.of(7, 8, 7, -1, 3, -5), 3)).toBe(0.5)
  expect(() => agreement([1, 2], [1, 2, 3], 1)).toThrow(/same samples/)
})
