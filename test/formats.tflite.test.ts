/** What is written reads back as it was, and stands in the file as runtimes want it. */
import { existsSync, readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { ByteBuffer } from 'flatbuffers'
import { describe, expect, test } from 'vitest'
import { readTflite } from '../src/formats/tflite/read.ts'
import { BuiltinOperator, Model } from '../src/formats/tflite/schema/tflite.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import { bufferAlignment } from '../src/formats/tflite/write-buffers.ts'
import type { Graph, Tensor } from '../src/graph/ir/graph.ts'
import { gelu, relu } from '../src/graph/ops/index.ts'
import { opOf } from '../src/graph/ops/registry.ts'
import { graphOfExample, randomGraph, writable } from './support/tflite-graphs.ts'

const modelOf = (bytes: Uint8Array) => Model.getRootAsModel(new ByteBuffer(bytes))
const models = new URL('../../shared/models/', import.meta.url)
const files = ['ad01_int8', 'kws_ref_model', 'person_detect', 'pretrainedResnet_quant', 'gtsrb/mobilenet_tfconv_int8']

const int8: Pick<Tensor, 'dtype' | 'quant'> = { dtype: 'int8', quant: { scale: [0.5], zero: [-3], axis: 0 } }
const small: Graph<'quantised'> = {
  phase: 'quantised',
  name: 'main',
  tensors: [
    { name: 'in', shape: [1, 4], ...int8 },
    { name: 'out', shape: [1, 4], ...int8 },
  ],
  nodes: [{ op: 'relu', attrs: {}, inputs: [0], outputs: [1] }],
  inputs: [0],
  outputs: [1],
  metadata: { note: 'a line' },
}

describe('read(write(graph)) is the graph', () => {
  test.each(writable.map((op) => [op.name, op] as const))('of each example of %s', (_, op) => {
    for (const [i, example] of op.examples.entries()) {
      const graph = graphOfExample(op, example, i)
      const bytes = writeTflite(graph)
      const read = readTflite(bytes)
      // A DEQUANTIZE or a CAST alone computes no quantised values.
      expect(read).toEqual(op.name === 'dequantize' || op.name === 'cast' ? { ...graph, phase: 'imported' } : graph)
      expect(writeTflite({ ...read, phase: 'quantised' })).toEqual(bytes)
    }
  })

  test('of 200 random graphs', () => {
    for (let seed = 0; seed < 200; seed++) {
      const graph = randomGraph(seed)
      expect(readTflite(writeTflite(graph)), `seed ${seed}`).toEqual(graph)
    }
  })

  test.skipIf(!existsSync(models)).each(files)('of %s as another tool wrote it (skipped without ../shared/models)', (name) => {
    const graph = readTflite(readFileSync(new URL(`${name}.tflite`, models)))
    expect(graph.phase).toBe('quantised')
    expect(graph.nodes.length).toBeGreaterThan(5)
    expect(isDeepStrictEqual(readTflite(writeTflite(graph as Graph<'quantised'>)), graph)).toBe(true)
  })

  test('from bytes at any address', () => {
    const graph = randomGraph(3)
    const bytes = writeTflite(graph)
    for (let shift = 1; shift < 9; shift++) {
      const moved = new Uint8Array(bytes.length + shift)
      moved.set(bytes, shift)
      expect(readTflite(moved.subarray(shift))).toEqual(graph)
    }
  })
})

describe('the file', () => {
  test('is the same for the same graph, whatever was written before', () => {
    const once = writeTflite(randomGraph(7))
    writeTflite(randomGraph(8))
    expect(writeTflite(randomGraph(7))).toEqual(once)
  })

  test('has the identifier, version 3, one subgraph, an empty buffer 0 and aligned data', () => {
    const bytes = writeTflite(graphOfExample(opOf({ op: 'conv-2d' }), opOf({ op: 'conv-2d' }).examples[0]!))
    expect(new TextDecoder().decode(bytes.subarray(4, 8))).toBe('TFL3')
    const model = modelOf(bytes)
    expect([model.version(), model.subgraphsLength(), model.buffers(0)!.dataLength()]).toEqual([3, 1, 0])
    expect(model.buffersLength()).toBe(3)
    for (let i = 1; i < model.buffersLength(); i++) {
      const data = model.buffers(i)!.dataArray()!
      expect((data.byteOffset - bytes.byteOffset) % bufferAlignment).toBe(0)
    }
  })

  test('holds equal constants once', () => {
    const shape = [8]
    const constant = (name: string, fill: number): Tensor => ({ name, shape, ...int8, data: new Int8Array(8).fill(fill) })
    const tensors = [...small.tensors, constant('a', 1), constant('b', 1), constant('c', 2)]
    const model = modelOf(writeTflite({ ...small, tensors }))
    const buffers = [2, 3, 4].map((t) => model.subgraphs(0)!.tensors(t)!.buffer())
    expect(buffers[0]).toBe(buffers[1])
    expect(buffers[0]).not.toBe(buffers[2])
  })

  test('states one code for each operator and version, in both fields', () => {
    const model = modelOf(writeTflite({ ...small, nodes: [{ op: 'gelu', attrs: { approximate: true }, inputs: [0], outputs: [1] }] }))
    const code = model.operatorCodes(0)!
    expect(gelu.tflite!.code).toBeGreaterThan(127)
    expect([code.deprecatedBuiltinCode(), code.builtinCode()]).toEqual([127, gelu.tflite!.code])
    const twice = { ...small, tensors: [...small.tensors, small.tensors[1]!], outputs: [2] }
    const two = modelOf(writeTflite({ ...twice, nodes: [...small.nodes, { op: 'relu', attrs: {}, inputs: [1], outputs: [2] }] }))
    expect(two.operatorCodesLength()).toBe(1)
    expect([two.operatorCodes(0)!.deprecatedBuiltinCode(), two.operatorCodes(0)!.builtinCode()]).toEqual([
      BuiltinOperator.RELU,
      BuiltinOperator.RELU,
    ])
    expect(two.operatorCodes(0)!.version()).toBe(relu.tflite!.version({}, [small.tensors[0]], [small.tensors[1]!]))
  })

  test('names its inputs and outputs in a signature, and its metadata', () => {
    const model = modelOf(writeTflite(small, { description: 'a description' }))
    const signature = model.signatureDefs(0)!
    expect(signature.signatureKey()).toBe('serving_default')
    expect([signature.inputs(0)!.name(), signature.outputs(0)!.name()]).toEqual(['in', 'out'])
    expect(model.description()).toBe('a description')
    const note = model.metadata(0)!
    expect(note.name()).toBe('note')
    expect(new TextDecoder().decode(model.buffers(note.buffer())!.dataArray()!)).toBe('a line')
  })

  test('with float edges quantises at the inputs and dequantises at the outputs', () => {
    const bytes = writeTflite(small, { io: 'float32' })
    const graph = readTflite(bytes)
    expect(graph.nodes.map((node) => node.op)).toEqual(['quantize', 'relu', 'dequantize'])
    const edges = [...graph.inputs, ...graph.outputs].map((t) => graph.tensors[t]!)
    expect(edges.map(({ dtype, shape, quant }) => [dtype, shape, quant])).toEqual([
      ['float32', [1, 4], undefined],
      ['float32', [1, 4], undefined],
    ])
    expect(graph.phase).toBe('quantised')
    const signature = modelOf(bytes).signatureDefs(0)!
    expect([signature.inputs(0)!.name(), signature.inputs(0)!.tensorIndex()]).toEqual(['in', graph.inputs[0]])
  })
})
