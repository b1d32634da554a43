/** TFLite files made with the generated code alone, for what our writer never writes. */
import { Builder } from 'flatbuffers'
import { Buffer, Model, Operator, OperatorCode, SubGraph, Tensor as Table } from '../../src/formats/tflite/schema/tflite.ts'

/** One RELU from tensor 0 to tensor 1, with what `make` puts in place of the plain parts. */
export function made(
  make: (builder: Builder) => { tensors?: number[]; subgraphs?: number; buffers?: number[]; metadata?: number[]; custom?: string },
): Uint8Array {
  const b = new Builder(1024)
  const { tensors = [table(b), table(b)], subgraphs = 1, buffers = [buffer(b)], metadata = [], custom } = make(b)
  const codeName = custom ? b.createString(custom) : 0
  OperatorCode.startOperatorCode(b)
  OperatorCode.addDeprecatedBuiltinCode(b, custom ? 32 : 19)
  OperatorCode.addCustomCode(b, codeName)
  const code = Model.createOperatorCodesVector(b, [OperatorCode.endOperatorCode(b)])
  const [ins, outs] = [Operator.createInputsVector(b, [0]), Operator.createOutputsVector(b, [1])]
  Operator.startOperator(b)
  Operator.addInputs(b, ins)
  Operator.addOutputs(b, outs)
  const operators = SubGraph.createOperatorsVector(b, [Operator.endOperator(b)])
  const list = SubGraph.createTensorsVector(b, tensors)
  SubGraph.startSubGraph(b)
  SubGraph.addTensors(b, list)
  SubGraph.addInputs(b, ins)
  SubGraph.addOutputs(b, outs)
  SubGraph.addOperators(b, operators)
  const subgraph = SubGraph.endSubGraph(b)
  const vectors = [
    Model.createSubgraphsVector(b, Array(subgraphs).fill(subgraph)),
    Model.createBuffersVector(b, buffers),
    Model.createMetadataVector(b, metadata),
  ] as const
  Model.startModel(b)
  Model.addVersion(b, 3)
  Model.addOperatorCodes(b, code)
  Model.addSubgraphs(b, vectors[0])
  Model.addBuffers(b, vectors[1])
  Model.addMetadata(b, vectors[2])
  Model.finishModelBuffer(b, Model.endModel(b))
  return b.asUint8Array().slice()
}

export function table(b: Builder, fill: (b: Builder) => void = () => {}): number {
  Table.startTensor(b)
  fill(b)
  return Table.endTensor(b)
}

export function buffer(b: Builder, offset = 0n, bytes = 0n): number {
  Buffer.startBuffer(b)
  Buffer.addOffset(b, offset)
  Buffer.addSize(b, bytes)
  return Buffer.endBuffer(b)
}
