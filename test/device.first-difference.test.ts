/** A device with one wrong operator: the tensor is named, in few prefix runs. */
import { expect, test } from 'vitest'
import { findFirstDifference } from '../src/device/agreement/first-difference.ts'
import { prefixOf } from '../src/device/agreement/prefix.ts'
import type { Runner } from '../src/device/define.ts'
import { brokenExecutor } from '../src/device/stand-in/broken.ts'
import type { Executor } from '../src/execute/define.ts'
import { prepareExecutor } from '../src/execute/execute.ts'
import { readTflite } from '../src/formats/tflite/read.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import { validate } from '../src/graph/ops/validate.ts'
import { mobilenetInt8 } from './samples/mobilenet-int8.ts'
import { graph } from './support/runner-cases.ts'

const inputs = new Uint8Array(Int8Array.from({ length: 2 * 192 }, (_, i) => ((i * 7919) % 256) - 128).buffer)

/** Loads any model; where it has the operator, that answers wrongly. */
function brokenRunner(op: string): Runner {
  let executor: Executor
  return {
    describe: async () => ({ runner: 'broken:', facts: {}, timing: 'host' }),
    load: async (model) => {
      const loaded = readTflite(model)
      executor = brokenExecutor(loaded, loaded.nodes.some((node) => node.op === op) ? op : undefined)
      return { initMs: 0 }
    },
    invoke: async (bytes, count) => {
      const one = bytes.length / count
      const run = (n: number) => executor.run([new Int8Array(bytes.slice(n * one, (n + 1) * one).buffer)])[0] as Int8Array
      return {
        outputs: new Uint8Array(Buffer.concat(Array.from({ length: count }, (_, n) => Buffer.from(run(n).slice().buffer)))),
        durationsMs: [],
      }
    },
    close: async () => {},
  }
}

test('every prefix is a lawful model that makes the tensor of the whole', () => {
  const whole = prepareExecutor(graph, { keepAll: true })
  const seen = new Map<number, string>()
  whole.run([new Int8Array(inputs.buffer, 0, 192)], (tensor, data) => seen.set(tensor, (data as Int8Array).join()))
  for (const [n, node] of graph.nodes.entries()) {
    const prefix = prefixOf(graph, n)
    expect(() => validate(prefix)).not.toThrow()
    const again = readTflite(writeTflite(prefix))
    expect((prepareExecutor(again).run([new Int8Array(inputs.buffer, 0, 192)])[0] as Int8Array).join()).toBe(seen.get(node.outputs[0]!))
  }
})

test.each(['conv-2d', 'depthwise-conv-2d', 'mean', 'fully-connected'])('a broken %s is found', async (op) => {
  const names: string[] = []
  const found = await findFirstDifference(brokenRunner(op), graph, { inputs, count: 2, onRun: (_, tensor) => names.push(tensor) })
  const node = graph.nodes.findIndex((each) => each.op === op)
  expect(found).toMatchObject({ op, node, tensor: graph.tensors[graph.nodes[node]!.outputs[0]!]!.name, maxDifference: 24 })
  expect(found!.prefixRuns).toBeLessThanOrEqual(Math.ceil(Math.log2(graph.nodes.length)) + 2 + 1)
  expect(names.length).toBe(found!.prefixRuns)
})

test('nothing differs, or by no more than the tolerance', async () => {
  expect(await findFirstDifference(brokenRunner('tanh'), graph, { inputs, count: 2 })).toBeUndefined()
  expect(await findFirstDifference(brokenRunner('conv-2d'), graph, { inputs, count: 2, toleranceSteps: 255 })).toBeUndefined()
})

test('in a graph with branches what the found node reads is confirmed', async () => {
  // Node 1 is broken, and the sound nodes 2 to 4 stand between it and the join: bisection alone would stop at the join.
  const base = mobilenetInt8({ extent: 8, width: 0.125 })
  const first = base.nodes[0]!
  const entry = first.outputs[0]!
  const like = base.tensors[entry]!
  const [t, join] = [base.tensors.length, base.tensors.length + 4]
  const pool = { padding: 'same', strideH: 1, strideW: 1, filterH: 1, filterW: 1, fusedActivation: 'none' }
  const chain = [2, 3, 4].map((n) => ({ op: 'average-pool-2d', attrs: pool, inputs: [n === 2 ? entry : t + n - 2], outputs: [t + n - 1] }))
  const branched = {
    ...base,
    tensors: [...base.tensors, ...['branch', 'a', 'b', 'c', 'join'].map((name) => ({ ...like, name }))],
    nodes: [
      first,
      { op: 'max-pool-2d', attrs: pool, inputs: [entry], outputs: [t] },
      ...chain,
      { op: 'add', attrs: { fusedActivation: 'none' }, inputs: [t, t + 3], outputs: [join] },
    ],
    outputs: [join],
  }
  const find = (op: string) => findFirstDifference(brokenRunner(op), branched, { inputs, count: 2 })
  expect(await find('max-pool-2d')).toMatchObject({ tensor: 'branch', node: 1 })
  expect(await find('add')).toMatchObject({ tensor: 'join', node: 5 })
})
