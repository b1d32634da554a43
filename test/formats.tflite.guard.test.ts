/** Untrusted bytes: a file is refused with a UserError that says why, or reads as a lawful graph; nothing else happens. */
import { ByteBuffer } from 'flatbuffers'
import { describe, expect, test } from 'vitest'
import { readTflite } from '../src/formats/tflite/read.ts'
import {
  Buffer,
  Metadata,
  Model,
  QuantizationParameters,
  SparsityParameters,
  Tensor as Table,
} from '../src/formats/tflite/schema/tflite.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import type { Graph, Quant, Tensor } from '../src/graph/ir/graph.ts'
import { buffer, made, table } from './support/tflite-made.ts'
import { outcome, refusal } from './support/tflite-outcome.ts'

const text = (words: string) => new TextEncoder().encode(words)
const quant: Quant = { scale: [0.5], zero: [-3], axis: 0 }
const tensor = (name: string, more: Partial<Tensor> = {}): Tensor => ({ name, shape: [1, 4], dtype: 'int8', quant, ...more })
const relu = (from: number, to: number) => ({ op: 'relu', attrs: {}, inputs: [from], outputs: [to] })
const small: Graph<'quantised'> = {
  ...{ phase: 'quantised', name: 'main', inputs: [0], outputs: [1], metadata: {} },
  ...{ tensors: [tensor('in'), tensor('out'), tensor('fixed', { data: new Int8Array(4) })], nodes: [relu(0, 1)] },
}
/** The writer trusts its graph, so it also writes broken ones. */
const broken = (more: Partial<Graph<'quantised'>>): Uint8Array => writeTflite({ ...small, ...more })
const withTensor = (more: Partial<Tensor>): Uint8Array => broken({ tensors: [...small.tensors, tensor('odd', more)] })

/** Accessors' arrays are views of the file. */
function outputIs99(): Uint8Array {
  const file = writeTflite(small)
  Model.getRootAsModel(new ByteBuffer(file)).subgraphs(0)!.outputsArray()![0] = 99
  return file
}

/** A written file in which one scalar of a table is changed. */
function patched(
  graph: Graph<'quantised'>,
  find: (model: Model) => { bb: ByteBuffer | null; bb_pos: number },
  slot: number,
  value: number,
  bytes = 4,
): Uint8Array {
  const file = writeTflite(graph)
  const { bb, bb_pos } = find(Model.getRootAsModel(new ByteBuffer(file)))
  const at = bb_pos + bb!.__offset(bb_pos, 4 + 2 * slot)
  expect(at).toBeGreaterThan(bb_pos)
  const view = new DataView(file.buffer)
  if (bytes === 4) view.setInt32(at, value, true)
  else view.setInt8(at, value)
  return file
}

describe('what is no TFLite file is named', () => {
  test.each([
    ['tflite-empty', 'empty', new Uint8Array(0)],
    ['tflite-not-tflite', 'gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0)],
    ['tflite-not-tflite', 'zip', text('PK\x03\x04 and more')],
    ['tflite-not-tflite', 'HDF5', Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0)],
    ['tflite-not-tflite', 'ELF', text('\x7fELF\x02\x01\x01\x00')],
    ['tflite-not-tflite', 'ONNX', Uint8Array.of(8, 7, 0x12, 7, 112, 121, 116, 111, 114, 99, 104)],
    ['tflite-not-tflite', 'SavedModel', Uint8Array.of(8, 1, 0x12, 200, 1, 10, 20, 30, 40)],
    ['tflite-not-tflite', 'JSON', text('{"format": "layers-model"}')],
    ['tflite-not-tflite', 'text', text('# a note about a model')],
    ['tflite-not-tflite', 'version 2', text('\x1c\0\0\0TFL2....')],
    ['tflite-not-tflite', 'zero bytes', new Uint8Array(64)],
    ['tflite-truncated', 'TFL3', Uint8Array.of(0x1c, 0, 0, 0, 0x54, 0x46)],
  ])('%s: %s', (code, word, bytes) => {
    const error = refusal(bytes)
    expect(error.code).toBe(code)
    expect(error.message).toContain(word)
  })
})

describe('absurd files are refused with their place', () => {
  test.each<[string, Uint8Array, string, string]>([
    ['rank 9', withTensor({ shape: [1, 1, 1, 1, 1, 1, 1, 1, 1] }), 'tflite-corrupt', 'Tensor 3 (odd).shape'],
    ['a negative dimension', withTensor({ shape: [1, -4] }), 'tflite-corrupt', 'Tensor 3 (odd).shape'],
    ['a dimension of 0', withTensor({ shape: [0, 4] }), 'tflite-corrupt', 'has no elements'],
    ['2^62 elements', withTensor({ shape: [2 ** 31 - 1, 2 ** 31 - 1] }), 'tflite-corrupt', 'absurdly large'],
    ['a product that wraps to 0 in 32 bits', withTensor({ shape: [65536, 65536] }), 'tflite-corrupt', 'absurdly large'],
    ['a constant that is too short', withTensor({ shape: [5], data: new Int8Array(4) }), 'tflite-corrupt', 'does not hold [5]'],
    ['a scale of 0', withTensor({ quant: { scale: [0], zero: [0], axis: 0 } }), 'tflite-corrupt', '.quantization.scale'],
    ['an infinite scale', withTensor({ quant: { scale: [Infinity], zero: [0], axis: 0 } }), 'tflite-corrupt', '.quantization.scale'],
    [
      'scales for another dimension',
      withTensor({ quant: { scale: [1, 1, 1], zero: [0, 0, 0], axis: 1 } }),
      'tflite-corrupt',
      'dimension 1',
    ],
    ['too few zero points', withTensor({ quant: { scale: [1, 1, 1, 1], zero: [0, 0], axis: 1 } }), 'tflite-corrupt', '.zero_point'],
    ['a zero point of 200', withTensor({ quant: { scale: [1], zero: [200], axis: 0 } }), 'tflite-corrupt', 'is no int8'],
    [
      'a dimension 7 of 2',
      withTensor({ quant: { scale: [1, 1, 1, 1], zero: [0, 0, 0, 0], axis: 7 } }),
      'tflite-corrupt',
      'quantized_dimension',
    ],
    [
      'a use before it is made',
      broken({ nodes: [relu(1, 3), relu(0, 1)], tensors: [...small.tensors, tensor('t')] }),
      'tflite-corrupt',
      'before it is made',
    ],
    ['a tensor made twice', broken({ nodes: [relu(0, 1), relu(0, 1)] }), 'tflite-corrupt', 'makes tensor 1 (out) again'],
    ['a constant that is written', broken({ nodes: [relu(0, 1), relu(0, 2)] }), 'tflite-corrupt', 'makes tensor 2 (fixed) again'],
    ['an output that nothing makes', broken({ nodes: [] }), 'tflite-corrupt', 'before it is made'],
    ['an operator on tensor 99', broken({ nodes: [relu(99, 1)] }), 'tflite-corrupt', 'Operator 0'],
    ['an operator on tensor -2', broken({ nodes: [relu(-2, 1)] }), 'tflite-corrupt', 'Operator 0'],
    ['an absent input that is needed', broken({ nodes: [relu(-1, 1)] }), 'tflite-corrupt', '.inputs[0]'],
    ['too many inputs', broken({ nodes: [{ ...relu(0, 1), inputs: [0, 0] }] }), 'tflite-corrupt', '.inputs'],
    ['a graph output 99', outputIs99(), 'tflite-corrupt', '99'],
    ['no output', broken({ outputs: [] }), 'tflite-corrupt', 'SubGraph.outputs'],
    [
      'shapes that do not follow',
      broken({ tensors: [tensor('in'), tensor('out', { shape: [1, 5] })] }),
      'tflite-corrupt',
      'makes the shape [1,4]',
    ],
    ['version 2', patched(small, (m) => m, 0, 2), 'tflite-corrupt', 'Model.version'],
    ['operator code 999', patched(small, (m) => m.operatorCodes(0)!, 3, 999), 'unsupported-operator', 'code 999'],
    ['element type 77', patched(small, (m) => m.subgraphs(0)!.tensors(0)!, 1, 77, 1), 'tflite-corrupt', 'Tensor 0 (in).type'],
    ['elements of int4', patched(small, (m) => m.subgraphs(0)!.tensors(0)!, 1, 17, 1), 'tflite-unsupported', 'INT4'],
    ['buffer 99', patched(small, (m) => m.subgraphs(0)!.tensors(2)!, 2, 99), 'tflite-corrupt', 'Tensor 2 (fixed).buffer'],
    ['the root before the file', writeTflite(small).fill(0xff, 0, 4), 'tflite-corrupt', 'Model'],
  ])('%s', (_, bytes, code, says) => {
    const error = refusal(bytes)
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(says)])
    expect(error.found).toBeTruthy()
    expect(error.expected).toBeTruthy()
  })

  test('harmless quirks of real files are made regular', () => {
    const odd = { scale: [1, 2, 3, 4], zero: [0, 0, 0, 0], axis: 3 }
    expect(readTflite(withTensor({ shape: [4], quant: odd })).tensors[3]!.quant).toEqual({ ...odd, axis: 0 })
    expect(readTflite(withTensor({ quant: { scale: [1], zero: [0], axis: 9 } })).tensors[3]!.quant!.axis).toBe(0)
    expect(readTflite(withTensor({ dtype: 'float32', quant })).tensors[3]!.quant).toBeUndefined()
  })

  test('strides of 0 and attributes out of range are refused', () => {
    const conv = { padding: 'same', strideW: 0, strideH: 1, fusedActivation: 'none', dilationW: 1, dilationH: 1 }
    const image = (name: string) => tensor(name, { shape: [1, 4, 4, 1] })
    const weights = tensor('w', { shape: [1, 1, 1, 1], data: new Int8Array(1) })
    const graph = {
      ...small,
      tensors: [image('in'), image('out'), weights],
      nodes: [{ op: 'conv-2d', attrs: conv, inputs: [0, 2], outputs: [1] }],
    }
    expect(refusal(writeTflite(graph)).code).toBe('tflite-corrupt')
    const fine = { ...graph, nodes: [{ ...graph.nodes[0]!, attrs: { ...conv, strideW: 1 } }] }
    expect(outcome(writeTflite(fine))).toBe('reads')
    const options = (model: Model) => model.subgraphs(0)!.operators(0)!.builtinOptions({ bb: null, bb_pos: 0 })
    expect(refusal(patched(fine, options, 0, 9, 1)).message).toContain('Operator 0 (conv-2d, makes out).padding')
    expect(refusal(patched(fine, (model) => model.subgraphs(0)!.operators(0)!, 3, 5, 1)).message).toContain('of another operator')
  })
})

describe('what our writer never writes', () => {
  test('a minimal float model reads', () => {
    expect(readTflite(made(() => ({})))).toMatchObject({ phase: 'imported', tensors: [{ shape: [], dtype: 'float32' }, {}], inputs: [0] })
  })

  test('metadata is text without its padding; what is no text is left out', () => {
    const file = made((b) => {
      const texts = [text('1.14.0\0\0\0\0'), Uint8Array.of(0xff, 0xfe, 0x80), text('')]
      const filled = texts.map((bytes) => {
        const data = Buffer.createDataVector(b, bytes)
        Buffer.startBuffer(b)
        Buffer.addData(b, data)
        return Buffer.endBuffer(b)
      })
      const names = ['min_runtime_version', 'binary', 'nothing'].map((name) => b.createString(name))
      return { buffers: [buffer(b), ...filled], metadata: names.map((name, i) => Metadata.createMetadata(b, name, i + 1)) }
    })
    expect(readTflite(file).metadata).toEqual({ min_runtime_version: '1.14.0', nothing: '' })
  })

  test('sparse tensors, variables, custom details, custom operators and several subgraphs', () => {
    const sparse = made((b) => {
      SparsityParameters.startSparsityParameters(b)
      const sparsity = SparsityParameters.endSparsityParameters(b)
      return { tensors: [table(b), table(b, () => Table.addSparsity(b, sparsity))] }
    })
    expect(refusal(sparse)).toMatchObject({ code: 'tflite-unsupported', message: expect.stringContaining('Tensor 1 is sparse') })
    const variable = made((b) => ({ tensors: [table(b, () => Table.addIsVariable(b, true)), table(b)] }))
    expect(refusal(variable)).toMatchObject({ code: 'tflite-unsupported', message: expect.stringContaining('variable') })
    const details = made((b) => {
      QuantizationParameters.startQuantizationParameters(b)
      QuantizationParameters.addDetailsType(b, 1)
      const quantization = QuantizationParameters.endQuantizationParameters(b)
      const odd = () => [Table.addType(b, 9), Table.addQuantization(b, quantization)]
      return { tensors: [table(b), table(b, odd)] }
    })
    expect(refusal(details)).toMatchObject({ code: 'tflite-unsupported', message: expect.stringContaining('custom quantisation') })
    expect(refusal(made(() => ({ subgraphs: 2 })))).toMatchObject({ code: 'tflite-unsupported', found: '2 subgraphs' })
  })

  test('data behind the flatbuffer is read inside the file only', () => {
    const bytes = (offset: bigint, size: bigint) =>
      made((b) => {
        const constant = () => [Table.addBuffer(b, 1), Table.addType(b, 0)]
        return { tensors: [table(b), table(b), table(b, constant)], buffers: [buffer(b), buffer(b, offset, size)] }
      })
    const at = bytes(0n, 0n).length + 64
    const whole = new Uint8Array(at + 5)
    whole.set(bytes(BigInt(at + 1), 4n))
    new DataView(whole.buffer).setFloat32(at + 1, 1.5, true)
    expect(readTflite(whole).tensors[2]!.data).toEqual(Float32Array.of(1.5))
    expect(refusal(bytes(BigInt(at), 4n)).code).toBe('tflite-truncated')
    expect(refusal(bytes(2n ** 63n, 2n ** 63n)).code).toBe('tflite-truncated')
  })

  test('shared tables and text cost no more than the file is worth', () => {
    const shared = made((b) => {
      const name = b.createString('n'.repeat(10_000))
      return { tensors: Array(100_000).fill(table(b, () => Table.addName(b, name))) }
    })
    expect(refusal(shared)).toMatchObject({ code: 'tflite-corrupt', found: 'looping or shared tables' })
    const metadata = made((b) => {
      const empty = buffer(b)
      const data = Buffer.createDataVector(b, new Uint8Array(100_000))
      Buffer.startBuffer(b)
      Buffer.addData(b, data)
      const list = [empty, Buffer.endBuffer(b)]
      return { buffers: list, metadata: Array.from({ length: 1000 }, () => Metadata.createMetadata(b, 0, 1)) }
    })
    expect(refusal(metadata).found).toBe('looping or shared tables')
    expect(refusal(made(() => ({ subgraphs: 50_000 }))).found).toBe('looping or shared tables')
  })
})
