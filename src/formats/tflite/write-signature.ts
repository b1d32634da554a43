/** The signature of a file being written: its inputs and outputs by name. */
import type { Builder } from 'flatbuffers'
import { freeName } from '../../graph/ir/edit.ts'
import { SignatureDef, TensorMap } from './schema/tflite.ts'

/** A tensor by its number in the file, and what callers call it. */
export type Named = { readonly tensor: number; readonly name: string }

/** Writes `serving_default`, the one signature that converters and runtimes know; returns its offset. */
export function writeSignature(builder: Builder, inputs: readonly Named[], outputs: readonly Named[]): number {
  const inputMaps = SignatureDef.createInputsVector(builder, maps(builder, inputs, 'input'))
  const outputMaps = SignatureDef.createOutputsVector(builder, maps(builder, outputs, 'output'))
  const key = builder.createString('serving_default')
  SignatureDef.startSignatureDef(builder)
  SignatureDef.addInputs(builder, inputMaps)
  SignatureDef.addOutputs(builder, outputMaps)
  SignatureDef.addSignatureKey(builder, key)
  SignatureDef.addSubgraphIndex(builder, 0)
  return SignatureDef.endSignatureDef(builder)
}

/** Names within a signature are not empty and stand once. */
function maps(builder: Builder, list: readonly Named[], otherwise: string): number[] {
  const taken = new Set<string>()
  return list.map(({ tensor, name }) => {
    const free = freeName(name || otherwise, taken)
    taken.add(free)
    return TensorMap.createTensorMap(builder, builder.createString(free), tensor)
  })
}
