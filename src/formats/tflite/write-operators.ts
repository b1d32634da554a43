/** The operators of a file being written, and the codes that they name. */
import type { Builder } from 'flatbuffers'
import { assert, UserError } from '../../errors.ts'
import type { Graph, Node } from '../../graph/ir/graph.ts'
import { isOpaque } from '../../graph/ops/opaque.ts'
import { opOf } from '../../graph/ops/registry.ts'
import { writeOptions } from './options.ts'
import { BuiltinOperator, Operator, OperatorCode } from './schema/tflite.ts'

/** Writes every node at the lowest version of its operator that can carry it; returns the offsets of both kinds of tables. */
export function writeOperators(
  builder: Builder,
  { nodes, tensors }: Pick<Graph, 'nodes' | 'tensors'>,
): { codes: number[]; operators: number[] } {
  const codeIndex = new Map<string, number>()
  const codes: number[] = []
  const operators = nodes.map((node) => {
    const op = opOf(node)
    if (isOpaque(node))
      throw new UserError('unsupported-operator', `${node.op} was read, and cannot be written: Peapod does not know its options`, {
        found: node.op,
      })
    assert(op.tflite, `no file can hold operator ${node.op}`)
    const inputs = node.inputs.map((t) => tensors[t])
    const outputs = node.outputs.map((t) => tensors[t]!)
    const version = op.tflite.version(node.attrs, inputs, outputs)
    const key = `${op.tflite.code} ${version}`
    const index = codeIndex.get(key) ?? codes.push(writeCode(builder, op.tflite.code, version)) - 1
    codeIndex.set(key, index)
    return writeOperator(builder, node, index)
  })
  return { codes, operators }
}

function writeOperator(builder: Builder, node: Node, code: number): number {
  const op = opOf(node)
  const tag = op.tflite!.options
  const options = tag ? writeOptions(op, node.attrs, builder) : 0
  const inputs = Operator.createInputsVector(builder, [...node.inputs])
  const outputs = Operator.createOutputsVector(builder, [...node.outputs])
  Operator.startOperator(builder)
  Operator.addOpcodeIndex(builder, code)
  Operator.addInputs(builder, inputs)
  Operator.addOutputs(builder, outputs)
  Operator.addBuiltinOptionsType(builder, tag)
  Operator.addBuiltinOptions(builder, options)
  return Operator.endOperator(builder)
}

function writeCode(builder: Builder, code: number, version: number): number {
  OperatorCode.startOperatorCode(builder)
  OperatorCode.addDeprecatedBuiltinCode(builder, Math.min(code, BuiltinOperator.PLACEHOLDER_FOR_GREATER_OP_CODES))
  OperatorCode.addVersion(builder, version)
  OperatorCode.addBuiltinCode(builder, code)
  return OperatorCode.endOperatorCode(builder)
}
