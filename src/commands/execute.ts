/** `peapod execute M.tflite --input F`: the bit-exact run of a file on given inputs. */
import { createHash } from 'node:crypto'
import { UserError } from '../errors.ts'
import { prepareExecutor } from '../execute/execute.ts'
import { loadFastKernels } from '../execute/fast/load.ts'
import { bytesPerElement, type Data, type Graph, size } from '../graph/ir/graph.ts'
import type { Rounding } from '../graph/ops/define.ts'
import { writeWhole } from '../runs/files.ts'
import { type CommandDef, json } from './define.ts'
import { readModel } from './model-file.ts'
import { onlyOne, readInputs, writeOutputs } from './tensor-files.ts'

type Options = { input: string; output?: string; trace?: string; rounding: Rounding; fast: boolean; json?: true }

export const execute: CommandDef = (program, io) =>
  program
    .command('execute')
    .description('run a .tflite bit-exactly as TFLite’s reference kernels do')
    .argument('<model>', 'a .tflite file')
    .requiredOption('--input <file>', 'a .npy, or raw bytes in the tensor’s own type, holding one or more inputs one after the other')
    .option('--output <file>', 'where the outputs go: .npy by its name, else raw bytes')
    .option('--trace <file>', 'one line for each tensor of the first input: index, name, shape, SHA-256')
    .option(
      '--rounding <name>',
      'tflm or litert: how FULLY_CONNECTED rounds; xnnpack: how LiteRT’s default kernels do, slower',
      roundingOf,
      'tflm' as Rounding,
    )
    .option('--no-fast', 'only the plain kernels')
    .option('--json', 'print what was done as JSON')
    .action(async (path: string, options: Options) => {
      const { graph } = await readModel(path)
      const input = onlyOne(graph, graph.inputs, 'input')
      const output = onlyOne(graph, graph.outputs, 'output')
      const inputs = await readInputs(options.input, input)
      const started = performance.now()
      const executor = prepareExecutor(graph, { rounding: options.rounding, ...(options.fast && { fast: loadFastKernels() }) })
      const count = inputs.length / size(input.shape)
      const outputs = new Uint8Array(count * size(output.shape) * bytesPerElement(output.dtype))
      const trace: string[] = []
      const see = (id: number, data: Data) => void trace.push(traceLine(graph, id, data))
      for (let i = 0; i < count; i++) {
        const one = inputs.subarray(i * size(input.shape), (i + 1) * size(input.shape)) as Data
        if (i === 0 && options.trace) see(graph.inputs[0]!, one)
        const [made] = executor.run([one], i === 0 && options.trace ? see : undefined)
        outputs.set(new Uint8Array(made!.buffer, made!.byteOffset, made!.byteLength), i * made!.byteLength)
      }
      const durationMs = performance.now() - started
      if (options.output) await writeOutputs(options.output, output, outputs, count)
      if (options.trace) await writeWhole(options.trace, `${trace.join('\n')}\n`)
      if (options.json) io.out(json({ inputs: count, outputs: count, durationMs, rounding: options.rounding }))
      else
        io.out(
          `${count} inferences in ${durationMs.toFixed(1)} ms, ${options.rounding} rounding, output ${output.dtype} [${output.shape}]\n`,
        )
    })

function roundingOf(word: string): Rounding {
  if (word === 'tflm' || word === 'litert' || word === 'xnnpack') return word
  throw new UserError('bad-option', '--rounding wants a reference', { found: word, expected: 'tflm, litert or xnnpack' })
}

const traceLine = (graph: Graph, id: number, data: Data): string => {
  const { name, shape } = graph.tensors[id]!
  const digest = createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex')
  return [id, name, `[${shape}]`, digest].join('\t')
}
