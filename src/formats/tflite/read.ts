/** Reads a TFLite file, ours or anyone's, into a graph. */
import { UserError } from '../../errors.ts'
import type { Data, DType, Graph, Node, Tensor } from '../../graph/ir/graph.ts'
import { violations } from '../../graph/ops/validate.ts'
import { type Guarded, guard } from './guard.ts'
import { readBuffers } from './read-buffers.ts'
import { readOperator } from './read-operator.ts'
import { readTensor } from './read-tensor.ts'
import { corrupt } from './refuse.ts'

/**
 * The graph of a TFLite file: `quantised` where operators work on quantised integers, `imported` where the file is float.
 * Constants share the file's memory where it is aligned. Metadata that is not UTF-8 text is left out.
 * Throws UserError: `tflite-empty`, `tflite-not-tflite`, `tflite-truncated`, `tflite-corrupt`, `tflite-unsupported`, `unsupported-operator`.
 */
export function readTflite(file: Uint8Array): Graph<'quantised'> | Graph<'imported'> {
  const guarded = guard(file)
  const buffers = readBuffers(guarded)
  const subgraph = guarded.model.subgraphs(0)!
  const constants = { buffers, arrays: new Map<string, Data>() }
  const tensors = Array.from({ length: subgraph.tensorsLength() }, (_, i) => readTensor(subgraph.tensors(i)!, i, constants))
  const nodes = Array.from({ length: subgraph.operatorsLength() }, (_, i) => readOperator(subgraph.operators(i)!, i, guarded, tensors))
  const inputs = edge(subgraph.inputsArray(), 'inputs')
  const outputs = edge(subgraph.outputsArray(), 'outputs')
  const phase = isQuantised(tensors, nodes) ? 'quantised' : 'imported'
  return lawful({ phase, name: subgraph.name() ?? '', tensors, nodes, inputs, outputs, metadata: readMetadata(guarded, buffers) })
}

function edge(indices: Int32Array | null, name: string): number[] {
  if (!indices?.length) throw corrupt(`SubGraph.${name}`, 'is empty', 'no tensor', 'at least one tensor')
  return Array.from(indices)
}

/** Order of running, constants never written, shapes that follow from each other: the laws that hold for anyone's graph. */
function lawful<G extends Graph>(graph: G): G {
  const [broken, ...more] = violations(graph, 'foreign')
  if (broken === undefined) return graph
  throw new UserError('tflite-corrupt', `The network in the TFLite file does not hold together: ${broken}`, {
    found: `${more.length + 1} broken law${more.length ? 's' : ''}`,
    expected: 'operators in running order, whose shapes and types fit each other',
    hint: 'Look at the network with the tool that wrote the file.',
  })
}

/** Whether a node computes with quantised values. A DEQUANTIZE at the edge of a float network does not, an ARG_MAX of steps does. */
const isQuantised = (tensors: readonly Tensor[], nodes: readonly Node[]): boolean => {
  const sums: readonly DType[] = ['int32', 'int64']
  const steps = (t: number) => tensors[t]?.quant !== undefined && !sums.includes(tensors[t].dtype) && tensors[t].data === undefined
  const real = (t: number) => tensors[t]!.dtype === 'float32'
  return nodes.some(({ inputs, outputs }) => outputs.some(steps) || (inputs.some(steps) && !outputs.some(real)))
}

function readMetadata({ model, structure }: Guarded, buffers: readonly Uint8Array[]): Record<string, string> {
  const entries = Array.from({ length: model.metadataLength() }, (_, i): [string, string][] => {
    const entry = model.metadata(i)!
    const bytes = buffers[entry.buffer()]
    if (!bytes) throw corrupt(`Model.metadata[${i}].buffer`, 'is no buffer', entry.buffer(), `less than ${buffers.length}`, entry.bb_pos)
    structure.spend(bytes.length, `Model.metadata[${i}]`, entry.bb_pos)
    const text = textOf(bytes)
    return text === undefined ? [] : [[entry.name() ?? '', text]]
  })
  return Object.fromEntries(entries.flat())
}

/** Text without the zero bytes that some writers pad it with; undefined where the bytes are not UTF-8. */
function textOf(bytes: Uint8Array): string | undefined {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, end))
  } catch {
    return undefined
  }
}
