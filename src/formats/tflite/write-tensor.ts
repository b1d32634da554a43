/** One tensor of a file being written. */
import type { Builder } from 'flatbuffers'
import type { Quant, Tensor } from '../../graph/ir/graph.ts'
import { QuantizationParameters, Tensor as Table } from './schema/tflite.ts'
import { tensorTypes } from './tensor-types.ts'

/** Writes a tensor whose elements lie in buffer `buffer`; returns its offset. */
export function writeTensor(builder: Builder, tensor: Tensor, buffer: number): number {
  const shape = Table.createShapeVector(builder, [...tensor.shape])
  const name = builder.createString(tensor.name)
  const quantization = tensor.quant ? writeQuant(builder, tensor.quant) : 0
  Table.startTensor(builder)
  Table.addShape(builder, shape)
  Table.addType(builder, tensorTypes[tensor.dtype])
  Table.addBuffer(builder, buffer)
  Table.addName(builder, name)
  Table.addQuantization(builder, quantization)
  Table.addHasRank(builder, true)
  return Table.endTensor(builder)
}

function writeQuant(builder: Builder, { scale, zero, axis }: Quant): number {
  const scales = QuantizationParameters.createScaleVector(builder, [...scale])
  const zeros = QuantizationParameters.createZeroPointVector(builder, zero.map(BigInt))
  QuantizationParameters.startQuantizationParameters(builder)
  QuantizationParameters.addScale(builder, scales)
  QuantizationParameters.addZeroPoint(builder, zeros)
  QuantizationParameters.addQuantizedDimension(builder, axis)
  return QuantizationParameters.endQuantizationParameters(builder)
}
