/** The answers of a machine to a file of inputs, beside their estimate. */
import { UserError } from '../errors.ts'
import { loadFastKernels } from '../execute/fast/load.ts'
import { bytesPerElement, type Data, type Graph, size } from '../graph/ir/graph.ts'
import type { Estimate } from '../target/define.ts'
import type { Target } from '../target/profiles/schema.ts'
import { type Answer, answer, type Numerics, numericKinds } from '../target/simulate/answer.ts'
import type { SimulateOptions } from '../target/simulate/engines/define.ts'
import { onlyOne, readInputs, writeOutputs } from './tensor-files.ts'

export type AnswerFiles = { readonly input: string; readonly output: string | undefined; readonly numerics: Numerics | undefined }
type Answers = Pick<Answer, 'numerics' | 'rounding' | 'says'> & {
  readonly inputs: number
  readonly outputs: number
  readonly output?: string
}

export async function answerFile(
  graph: Graph,
  target: Target,
  { input, output, numerics, ...options }: AnswerFiles & SimulateOptions,
): Promise<Answers & { readonly estimate: Estimate }> {
  const [into, from] = [onlyOne(graph, graph.inputs, 'input'), onlyOne(graph, graph.outputs, 'output')]
  const all = await readInputs(input, into)
  const each = size(into.shape)
  const inputs = Array.from({ length: all.length / each }, (_, i) => [all.subarray(i * each, (i + 1) * each) as Data])
  const { outputs, ...rest } = answer(graph, target, inputs, { ...options, ...(numerics && { numerics }), fast: loadFastKernels() })
  const bytes = new Uint8Array(outputs.length * size(from.shape) * bytesPerElement(from.dtype))
  for (const [i, [made]] of outputs.entries())
    bytes.set(new Uint8Array(made!.buffer, made!.byteOffset, made!.byteLength), i * made!.byteLength)
  if (output !== undefined) await writeOutputs(output, from, bytes, outputs.length)
  return { ...rest, inputs: inputs.length, outputs: outputs.length, ...(output !== undefined && { output }) }
}

export const answerText = ({ outputs, rounding, says, output }: Answers): string =>
  `${outputs} answers, bit-exact in ${rounding} rounding${output ? `, written to ${output}` : ''}: ${says}\n`

export function numericsOf(word: string): Numerics {
  const found = numericKinds.find((kind) => kind === word)
  if (found) return found
  throw new UserError('bad-option', '--numerics wants whose numerics', { found: word, expected: numericKinds.join(' or ') })
}
