/** A network of operators with many outputs and odd operands, through every stage: strip, fold, calibrate, quantise, write, read, execute. */
import { expect, test } from 'vitest'
import { prepareExecutor } from '../src/execute/execute.ts'
import { readTflite } from '../src/formats/tflite/read.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import type { Graph, Node, Tensor } from '../src/graph/ir/graph.ts'
import { key, uniform } from '../src/graph/math/random.ts'
import { planArena } from '../src/graph/memory/arena.ts'
import { nodeOf } from '../src/graph/ops/define.ts'
import * as rooms from '../src/graph/ops/index.ts'
import { validate } from '../src/graph/ops/validate.ts'
import { foldGraph } from '../src/graph/passes/fold-graph.ts'
import { stripGraph } from '../src/graph/passes/strip-graph.ts'
import { calibrate } from '../src/quantise/calibrate.ts'
import { quantiseGraph } from '../src/quantise/quantise.ts'

const noise = (length: number, n: number, reach = 1) =>
  Float32Array.from({ length }, (_, i) => reach * 2 * (uniform(key(n, 'test', 3), i) - 0.5))

/** x [1,4,4,4] → transposed convolution → PRELU → SPLIT in two → one mirrored and cropped → PACK → the larger of both → log-softmax. */
function network(): Graph<'imported'> {
  const tensors: Tensor[] = []
  const nodes: Node[] = []
  const make = (name: string, shape: number[], more: Partial<Tensor> = {}) => tensors.push({ name, shape, dtype: 'float32', ...more }) - 1
  const fixed = (name: string, ...values: number[]) => make(name, [values.length], { dtype: 'int32', data: Int32Array.from(values) })
  const weights = (name: string, shape: number[], reach = 0.5) =>
    make(name, shape, {
      data: noise(
        shape.reduce((a, b) => a * b, 1),
        tensors.length,
        reach,
      ),
    })
  const x = make('x', [1, 4, 4, 4])
  const wide = make('wide', [1, 8, 8, 6])
  nodes.push(
    nodeOf(
      rooms.transposeConv,
      { strideH: 2, strideW: 2 },
      [fixed('shape', 1, 8, 8, 6), weights('w', [6, 3, 3, 4]), x, weights('b', [6])],
      [wide],
    ),
  )
  const bent = make('bent', [1, 8, 8, 6])
  nodes.push(nodeOf(rooms.prelu, {}, [wide, weights('alpha', [1, 1, 6])], [bent]))
  const [left, right] = [make('left', [1, 8, 8, 3]), make('right', [1, 8, 8, 3])]
  nodes.push(nodeOf(rooms.split, { numSplits: 2 }, [fixed('axis', 3), bent], [left, right]))
  const [mirrored, cropped] = [make('mirrored', [1, 10, 8, 3]), make('cropped', [1, 8, 8, 3])]
  nodes.push(
    nodeOf(rooms.mirrorPad, {}, [left, make('by', [4, 2], { dtype: 'int32', data: Int32Array.of(0, 0, 1, 1, 0, 0, 0, 0) })], [mirrored]),
  )
  nodes.push(nodeOf(rooms.slice, {}, [mirrored, fixed('begin', 0, 2, 0, 0), fixed('extents', 1, 8, 8, 3)], [cropped]))
  const packed = make('packed', [2, 1, 8, 8, 3])
  nodes.push(nodeOf(rooms.pack, { valuesCount: 2, axis: 0 }, [cropped, right], [packed]))
  const most = make('most', [1, 3])
  nodes.push(nodeOf(rooms.reduceMax, {}, [packed, fixed('axes', 0, 2, 3)], [most]))
  const logits = make('logits', [1, 3])
  nodes.push(nodeOf(rooms.logSoftmax, {}, [most], [logits]))
  return { phase: 'imported', name: 'odd', tensors, nodes, inputs: [x], outputs: [logits], metadata: {} }
}

const elements = 64
const folded = foldGraph(stripGraph(validate(network())))
const int8 = quantiseGraph(
  folded,
  calibrate(
    folded,
    Array.from({ length: 24 }, (_, n) => noise(elements, 100 + n)),
  ),
)

test('the outputs of a split and what moves them share one scale; the last keeps its own', () => {
  const quantOf = (name: string) => int8.tensors.find((t) => t.name === name)!.quant!
  for (const name of ['left', 'right', 'mirrored', 'cropped', 'packed', 'most']) expect(quantOf(name), name).toEqual(quantOf('bent'))
  expect(quantOf('logits')).toMatchObject({ scale: [1 / 16], zero: [127] })
  expect(quantOf('b').scale).toEqual(quantOf('w').scale.map((s) => Math.fround(s * quantOf('x').scale[0]!)))
})

test('int8 follows float, from the file, in shared memory and in memory of its own', () => {
  const read = readTflite(writeTflite(int8))
  expect(planArena(read).bytes).toBeLessThan(
    int8.tensors.filter((t) => !t.data).reduce((sum, t) => sum + t.shape.reduce((a, b) => a * b, 1), 0),
  )
  const [real, shared, apart] = [prepareExecutor(folded), prepareExecutor(read), prepareExecutor(int8, { keepAll: true })]
  const { scale, zero } = int8.tensors[int8.inputs[0]!]!.quant!
  for (let n = 0; n < 16; n++) {
    const input = noise(elements, 100 + n)
    const steps = Int8Array.from(input, (v) => Math.max(-128, Math.min(127, Math.round(v / scale[0]!) + zero[0]!)))
    const wanted = [...(real.run([input])[0] as Float32Array)]
    const got = [...(shared.run([steps])[0] as Int8Array)]
    expect([...(apart.run([steps])[0] as Int8Array)]).toEqual(got)
    for (const [c, v] of wanted.entries()) expect(Math.abs((got[c]! - 127) / 16 - v)).toBeLessThan(0.15)
  }
})

test.each(['before', 'behind'])('batch normalisation %s a transposed convolution folds to the same function', (place) => {
  const real = (name: string, shape: number[], data?: Float32Array): Tensor => ({ name, shape, dtype: 'float32', ...(data && { data }) })
  const channels = place === 'before' ? 2 : 3
  const parameters = ['gamma', 'beta', 'mean'].map((name, i) => real(name, [channels], noise(channels, 40 + i)))
  const variance = real(
    'variance',
    [channels],
    noise(channels, 50).map((v) => 1.5 + v),
  )
  const middle = place === 'before' ? [1, 3, 3, 2] : [1, 6, 6, 3]
  const shape: Tensor = { name: 'shape', shape: [4], dtype: 'int32', data: Int32Array.of(1, 6, 6, 3) }
  const tensors = [
    real('x', [1, 3, 3, 2]),
    shape,
    real('w', [3, 3, 3, 2], noise(54, 60)),
    real('middle', middle),
    real('y', [1, 6, 6, 3]),
    ...parameters,
    variance,
  ]
  const spread = (from: number, to: number) => nodeOf(rooms.transposeConv, { strideH: 2, strideW: 2 }, [1, 2, from], [to])
  const norm = (from: number, to: number) => nodeOf(rooms.batchNormalization, { epsilon: 1e-3 }, [from, 5, 6, 7, 8], [to])
  const nodes = place === 'before' ? [norm(0, 3), spread(3, 4)] : [spread(0, 3), norm(3, 4)]
  const graph: Graph<'imported'> = validate({ phase: 'imported', name: place, tensors, nodes, inputs: [0], outputs: [4], metadata: {} })
  const flat = foldGraph(stripGraph(graph))
  // Behind, the weights take it; before, border pixels sum fewer taps, so it becomes a layer of its own.
  expect(flat.nodes.map((n) => n.op)).toEqual(place === 'behind' ? ['transpose-conv'] : ['depthwise-conv-2d', 'transpose-conv'])
  const input = noise(18, 70)
  const [wanted, got] = [graph, flat].map((g) => [...(prepareExecutor(g).run([input])[0] as Float32Array)])
  for (const [i, v] of wanted!.entries()) expect(got![i]!).toBeCloseTo(v, 4)
})
