/** One operator of a file as a node of the graph. */
import { UserError } from '../../errors.ts'
import type { Node, Tensor } from '../../graph/ir/graph.ts'
import type { AnyOp } from '../../graph/ops/define.ts'
import { type OpaqueAttrs, opaqueNode } from '../../graph/ops/opaque.ts'
import { opsByCode } from '../../graph/ops/registry.ts'
import type { Guarded } from './guard.ts'
import { optionsLayout, readOptions } from './options.ts'
import { corrupt, label } from './refuse.ts'
import { BuiltinOperator, type Operator, type OperatorCode } from './schema/tflite.ts'
import { nameIn } from './tensor-types.ts'

/** Throws UserError `unsupported-operator`, or `tflite-corrupt` where a law of operators is broken. */
export function readOperator(table: Operator, index: number, { model, structure }: Guarded, tensors: readonly Tensor[]): Node {
  const inputs = Array.from(table.inputsArray() ?? [])
  const outputs = Array.from(table.outputsArray() ?? [])
  const at = table.bb_pos
  const strange = [...inputs.filter((t) => t !== -1), ...outputs].find((t) => t < 0 || t >= tensors.length)
  if (strange !== undefined) throw corrupt(`Operator ${index}`, 'names no tensor of the file', strange, `0 to ${tensors.length - 1}`, at)
  if (outputs.length === 0) throw corrupt(`Operator ${index}.outputs`, 'is empty', 'no output', 'at least one output', at)
  const code = model.operatorCodes(table.opcodeIndex())
  if (!code || table.opcodeIndex() >= model.operatorCodesLength()) {
    throw corrupt(
      `Operator ${index}.opcode_index`,
      'is no operator code',
      table.opcodeIndex(),
      `less than ${model.operatorCodesLength()}`,
      at,
    )
  }
  const makes = label(tensors[outputs[0]!]!.name, outputs[0]!)
  const room = roomOf(code, `Operator ${index}, which makes ${makes},`)
  if (typeof room === 'string') return opaqueNode(room, opaqueAttrs(code, outputs, tensors), inputs, outputs)
  const op = room
  const place = `Operator ${index} (${op.name}, makes ${makes})`
  checkCounts(op, inputs, outputs, place, at)
  return { op: op.name, attrs: attrsOf(), inputs, outputs }

  function attrsOf() {
    const tag = table.builtinOptionsType()
    const options = table.builtinOptions({ bb: null, bb_pos: -1 })?.bb_pos ?? -1
    const wanted = op.tflite!.options
    if (tag !== 0 && options < 0) throw corrupt(`${place}.builtin_options`, 'is absent', `tag ${tag}`, 'a table', at)
    if (wanted === 0 || tag === 0) return readOptions(op, table.bb!, -1, place)
    if (tag !== wanted) throw corrupt(`${place}.builtin_options`, 'are those of another operator', `tag ${tag}`, `tag ${wanted}`, at)
    structure.table(options, optionsLayout(op), `${place}.builtin_options`)
    return readOptions(op, table.bb!, options, place)
  }
}

/** A room, or the name of an operator of the schema that has none. */
function roomOf(code: OperatorCode, place: string): AnyOp | string {
  const number = numberOf(code)
  const name = nameIn(BuiltinOperator, number)
  if (name) return opsByCode.get(number) ?? name.toLowerCase().replaceAll('_', '-')
  throw new UserError('unsupported-operator', `${place} is code ${number}, which the format does not know`, {
    found: `code ${number}`,
    expected: `0 to ${Math.max(...Object.values(BuiltinOperator))}`,
    hint: 'The file was written for a newer version of the format.',
  })
}

/** Codes above 126 do not fit the older byte, which then holds 127. */
const numberOf = (code: OperatorCode): number => Math.max(code.deprecatedBuiltinCode(), code.builtinCode())

const opaqueAttrs = (code: OperatorCode, outputs: readonly number[], tensors: readonly Tensor[]): OpaqueAttrs => ({
  code: numberOf(code),
  custom: code.customCode()?.slice(0, 80) ?? '',
  shapes: outputs.map((t) => tensors[t]!.shape),
})

function checkCounts({ roles }: AnyOp, inputs: readonly number[], outputs: readonly number[], place: string, at: number): void {
  const required = roles.required ?? roles.in.length
  const most = roles.rest ? Number.POSITIVE_INFINITY : roles.in.length
  if (inputs.length < required || inputs.length > most) {
    throw corrupt(`${place}.inputs`, 'has a wrong length', inputs.length, required === most ? `${most}` : `${required} to ${most}`, at)
  }
  const absent = inputs.findIndex((t, i) => t === -1 && (i < required || i >= roles.in.length))
  if (absent >= 0) throw corrupt(`${place}.inputs[${absent}]`, 'is absent', -1, 'a tensor', at)
  const made = roles.out.length
  if (roles.restOut ? outputs.length < made : outputs.length !== made)
    throw corrupt(`${place}.outputs`, 'has a wrong length', outputs.length, `${made}${roles.restOut ? ' or more' : ''}`, at)
}
