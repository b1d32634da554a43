/** What a TFLite file holds, whatever its operators: for files that a vendor's compiler wrote, which break laws that a graph keeps. */
import { bytesPerElement } from '../../graph/ir/graph.ts'
import { type Guarded, guard } from './guard.ts'
import { readBuffers } from './read-buffers.ts'
import { BuiltinOperator } from './schema/tflite.ts'
import { dtypeOf, nameIn } from './tensor-types.ts'

export type Outline = {
  /** One word for each operator: the schema's name in kebab case; of a custom one, the name that the file gives it. */
  readonly operators: readonly string[]
  readonly tensors: readonly {
    readonly name: string
    readonly bytes: number
    readonly constant: boolean
    /** Where the file's plan lays it in TFLM's arena (metadata OfflineMemoryAllocation); undefined where the runtime chooses. */
    readonly offset?: number
  }[]
  readonly inputs: number
  readonly outputs: number
}

/** Throws what `guard` throws. */
export function outline(file: Uint8Array): Outline {
  const guarded = guard(file)
  const subgraph = guarded.model.subgraphs(0)!
  const buffers = readBuffers(guarded)
  const offsets = planOf(guarded, buffers)
  const operators = Array.from({ length: subgraph.operatorsLength() }, (_, i) => {
    const code = guarded.model.operatorCodes(subgraph.operators(i)!.opcodeIndex())
    const number = code ? Math.max(code.deprecatedBuiltinCode(), code.builtinCode()) : -1
    const name = nameIn(BuiltinOperator, number)?.toLowerCase().replaceAll('_', '-') ?? `code ${number}`
    return name === 'custom' ? (code?.customCode() ?? name) : name
  })
  const tensors = Array.from({ length: subgraph.tensorsLength() }, (_, i) => {
    const tensor = subgraph.tensors(i)!
    const dtype = dtypeOf(tensor.type())
    const elements = Array.from(tensor.shapeArray() ?? []).reduce((a, b) => a * b, 1)
    const offset = offsets?.[i]
    return {
      name: tensor.name() ?? '',
      bytes: elements * (dtype ? bytesPerElement(dtype) : 8),
      constant: (buffers[tensor.buffer()]?.length ?? 0) > 0,
      ...(offset !== undefined && offset >= 0 && { offset }),
    }
  })
  return { operators, tensors, inputs: subgraph.inputsLength(), outputs: subgraph.outputsLength() }
}

/** Words: a version, a subgraph, a count, then an address for each tensor. A plan that does not fit the file is none. */
function planOf({ model }: Guarded, buffers: readonly Uint8Array[]): readonly number[] | undefined {
  const entry = Array.from({ length: model.metadataLength() }, (_, i) => model.metadata(i)!).find(
    (m) => m.name() === 'OfflineMemoryAllocation',
  )
  const bytes = entry && buffers[entry.buffer()]
  if (!bytes || bytes.length < 12 || bytes.length % 4) return undefined
  const words = new Int32Array(bytes.slice().buffer)
  return words[2] === words.length - 3 && words[2] === model.subgraphs(0)!.tensorsLength() ? [...words.subarray(3)] : undefined
}
