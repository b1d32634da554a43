/** A file that we write runs in a TFLite runtime that we did not write, and gives what our executor gives. */
import { expect, test } from 'vitest'
import { prepareExecutor } from '../src/execute/execute.ts'
import { readTflite } from '../src/formats/tflite/read.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import type { Data, Graph, Node, Quant, Shape, Tensor } from '../src/graph/ir/graph.ts'
import { attrsWith } from '../src/graph/ops/define.ts'
import { opOf } from '../src/graph/ops/registry.ts'
import { loadLiteRtJs } from './litert-js/load-litert-js.ts'
import { Draws } from './support/tflite-graphs.ts'

const draws = new Draws(5, 3)
const quant = (scale: number, zero = 0): Quant => ({ scale: [Math.fround(scale)], zero: [zero], axis: 0 })
const int8 = (name: string, shape: Shape, q: Quant): Tensor => ({ name, shape, dtype: 'int8', quant: q })
const weights = (name: string, shape: Shape, scale: number, axis: number): Tensor => {
  const scales = Array.from({ length: shape[axis]! }, () => Math.fround(scale * (1 + draws.below(100) / 100)))
  const data = Int8Array.from({ length: shape.reduce((a, b) => a * b) }, () => draws.below(255) - 127)
  return { name, shape, dtype: 'int8', data, quant: { scale: scales, zero: scales.map(() => 0), axis } }
}
const bias = (name: string, x: Tensor, w: Tensor): Tensor => {
  const scale = w.quant!.scale.map((s) => Math.fround(s * x.quant!.scale[0]!))
  const outputs = w.shape[w.shape.length === 4 && w.shape[0] === 1 ? 3 : 0]!
  const data = Int32Array.from({ length: outputs }, () => draws.below(2000) - 1000)
  return { name, shape: [outputs], dtype: 'int32', data, quant: { scale, zero: scale.map(() => 0), axis: 0 } }
}
const node = (op: string, attrs: Record<string, unknown>, inputs: number[], output: number): Node => ({
  ...{ op, attrs: attrsWith(opOf({ op }), attrs), inputs, outputs: [output] },
})

/** Convolution, depthwise convolution, average pool, reshape, fully connected, softmax. */
function network(): Graph<'quantised'> {
  const x = int8('image', [1, 8, 8, 3], quant(1 / 64, -5))
  const w1 = weights('w1', [8, 3, 3, 3], 0.004, 0)
  const a1 = int8('a1', [1, 4, 4, 8], quant(0.03, -128))
  const w2 = weights('w2', [1, 3, 3, 8], 0.006, 3)
  const a2 = int8('a2', [1, 4, 4, 8], quant(0.05, -128))
  const a3 = int8('a3', [1, 2, 2, 8], a2.quant!)
  const shape: Tensor = { name: 'shape', shape: [2], dtype: 'int32', data: Int32Array.of(1, 32) }
  const a4 = int8('a4', [1, 32], a2.quant!)
  const w3 = { ...weights('w3', [5, 32], 0.004, 0), quant: quant(0.004) }
  const a5 = int8('logits', [1, 5], quant(0.08, 4))
  const y = int8('classes', [1, 5], quant(1 / 256, -128))
  const stride = { padding: 'same', strideH: 2, strideW: 2, fusedActivation: 'relu' }
  return {
    ...{ phase: 'quantised', name: 'main', metadata: { note: 'made by a test' }, inputs: [0], outputs: [12] },
    tensors: [x, w1, bias('b1', x, w1), a1, w2, bias('b2', a1, w2), a2, a3, shape, a4, w3, a5, y, bias('b3', a4, w3)],
    nodes: [
      node('conv-2d', stride, [0, 1, 2], 3),
      node('depthwise-conv-2d', { ...stride, strideH: 1, strideW: 1, depthMultiplier: 1 }, [3, 4, 5], 6),
      node('average-pool-2d', { padding: 'valid', strideH: 2, strideW: 2, filterH: 2, filterW: 2 }, [6], 7),
      node('reshape', { newShape: [1, 32] }, [7, 8], 9),
      node('fully-connected', {}, [9, 10, 13], 11),
      node('softmax', { beta: 1 }, [11], 12),
    ],
  }
}

test('LiteRT.js loads our file with float edges and agrees with our executor within a step', async () => {
  const graph = network()
  const file = writeTflite(graph, { io: 'float32' })
  const executor = prepareExecutor(readTflite(file))
  const model = await (await loadLiteRtJs()).compile(file)
  expect(model.inputShapes).toEqual([[1, 8, 8, 3]])
  const seen = new Set<number>()
  for (let i = 0; i < 20; i++) {
    const x = Float32Array.from({ length: 192 }, () => (draws.below(256) - 128) / 64)
    const ours = executor.run([x as Data])[0] as Float32Array
    const [theirs] = await model.run([x])
    expect(theirs!.length).toBe(5)
    for (const [c, value] of theirs!.entries()) expect(Math.abs(value - ours[c]!)).toBeLessThanOrEqual(1 / 256)
    seen.add(theirs!.indexOf(Math.max(...theirs!)))
  }
  // Not one answer for every image.
  expect(seen.size).toBeGreaterThan(1)
})
