/** Writes a quantised graph as a TFLite file. */
import { Builder } from 'flatbuffers'
import type { Graph } from '../../graph/ir/graph.ts'
import { withFloatEdges } from './float-edges.ts'
import { Metadata, Model, SubGraph } from './schema/tflite.ts'
import { BufferList } from './write-buffers.ts'
import { writeOperators } from './write-operators.ts'
import { type Named, writeSignature } from './write-signature.ts'
import { writeTensor } from './write-tensor.ts'

export type WriteOptions = {
  /** `float32` puts a QUANTIZE behind each input and a DEQUANTIZE before each output; `int8` by default. */
  readonly io?: 'int8' | 'float32'
  /** A line for a person; `Peapod` by default. */
  readonly description?: string
}

/**
 * The bytes of a flatbuffer with the identifier TFL3: the same graph gives the same bytes. Operators have the lowest version that fits, buffers lie
 * at multiples of 16 bytes, the signature is `serving_default`, and the graph's metadata travels along. `readTflite` gives the graph back.
 */
export function writeTflite(graph: Graph<'quantised'>, { io = 'int8', description = 'Peapod' }: WriteOptions = {}): Uint8Array {
  const file = io === 'float32' ? withFloatEdges(graph) : graph
  const builder = new Builder(1024 + file.tensors.reduce((sum, t) => sum + (t.data?.byteLength ?? 0) + 256, 0))
  const buffers = new BufferList()
  const places = file.tensors.map((tensor) => buffers.constant(tensor.data))
  const notes = Object.entries(file.metadata).map(([name, text]) => ({ name, buffer: buffers.add(new TextEncoder().encode(text)) }))
  const bufferTables = Model.createBuffersVector(builder, buffers.write(builder))
  const { codes, operators } = writeOperators(builder, file)
  const codeTables = Model.createOperatorCodesVector(builder, codes)
  const subgraph = writeSubGraph(builder, file, places, operators)
  const subgraphs = Model.createSubgraphsVector(builder, [subgraph])
  const metadata = Model.createMetadataVector(
    builder,
    notes.map(({ name, buffer }) => Metadata.createMetadata(builder, builder.createString(name), buffer)),
  )
  const named = (outer: readonly number[], inner: readonly number[]): Named[] =>
    outer.map((tensor, i) => ({ tensor, name: graph.tensors[inner[i]!]!.name }))
  const signature = writeSignature(builder, named(file.inputs, graph.inputs), named(file.outputs, graph.outputs))
  const signatures = Model.createSignatureDefsVector(builder, [signature])
  const about = builder.createString(description)
  Model.startModel(builder)
  Model.addVersion(builder, 3)
  Model.addOperatorCodes(builder, codeTables)
  Model.addSubgraphs(builder, subgraphs)
  Model.addDescription(builder, about)
  Model.addBuffers(builder, bufferTables)
  Model.addMetadata(builder, metadata)
  Model.addSignatureDefs(builder, signatures)
  Model.finishModelBuffer(builder, Model.endModel(builder))
  return builder.asUint8Array().slice()
}

function writeSubGraph(builder: Builder, graph: Graph, buffers: readonly number[], operators: number[]): number {
  const tensors = SubGraph.createTensorsVector(
    builder,
    graph.tensors.map((tensor, i) => writeTensor(builder, tensor, buffers[i]!)),
  )
  const inputs = SubGraph.createInputsVector(builder, [...graph.inputs])
  const outputs = SubGraph.createOutputsVector(builder, [...graph.outputs])
  const operatorTables = SubGraph.createOperatorsVector(builder, operators)
  const name = builder.createString(graph.name)
  SubGraph.startSubGraph(builder)
  SubGraph.addTensors(builder, tensors)
  SubGraph.addInputs(builder, inputs)
  SubGraph.addOutputs(builder, outputs)
  SubGraph.addOperators(builder, operatorTables)
  SubGraph.addName(builder, name)
  return SubGraph.endSubGraph(builder)
}
