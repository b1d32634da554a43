/** `peapod execute M.tflite --input F`: the bit-exact run of a file on given inputs. */
import { createHash } from 'node:crypto'
import { UserError } from '../errors.ts'
import { prepareExecutor } from '../execute/execute.ts'
import { loadFastKernels } from '../execute/fast/load.ts'
import { bytesPerElement, type Data, type DType, type Graph, size, type Tensor, view } from '../graph/ir/graph.ts'
import type { Rounding } from '../graph/ops/define.ts'
import { isNpy, type NpyKind, readNpy, writeNpy } from '../npy.ts'
import { writeWhole } from '../runs/files.ts'
import { type CommandDef, json } from './define.ts'
import { readBytes, readModel } from './model-file.ts'

type Options = { input: string; output?: string; trace?: string; rounding: Rounding; fast: boolean; json?: true }

const npyKinds: Partial<Readonly<Record<DType, NpyKind>>> = {
  float32: '<f4',
  int8: '|i1',
  uint8: '|u1',
  int16: '<i2',
  int32: '<i4',
  int64: '<i8',
  bool: '|b1',
}

export const execute: CommandDef = (program, io) =>
  program
    .command('execute')
    .description('run a .tflite bit-exactly as TFLite’s reference kernels do')
    .argument('<model>', 'a .tflite file')
    .requiredOption('--input <file>', 'a .npy, or raw bytes in the tensor’s own type, holding one or more inputs one after the other')
    .option('--output <file>', 'where the outputs go: .npy by its name, else raw bytes')
    .option('--trace <file>', 'one line for each tensor of the first input: index, name, shape, SHA-256')
    .option('--rounding <name>', 'tflm or litert: how FULLY_CONNECTED rounds', roundingOf, 'tflm' as Rounding)
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
  if (word === 'tflm' || word === 'litert') return word
  throw new UserError('bad-option', '--rounding wants a reference', { found: word, expected: 'tflm or litert' })
}

function onlyOne(graph: Graph, ids: readonly number[], what: string): Tensor {
  if (ids.length === 1) return graph.tensors[ids[0]!]!
  throw new UserError('several-tensors', `this model has ${ids.length} ${what}s`, {
    expected: 'one',
    hint: 'Use the library’s prepareExecutor for others.',
  })
}

async function readInputs(path: string, input: Tensor): Promise<Exclude<Data, BigInt64Array>> {
  const bytes = await readBytes(path)
  const each = size(input.shape) * bytesPerElement(input.dtype)
  const expected = `${input.dtype} [${input.shape}], ${each} bytes each`
  let raw = bytes
  if (isNpy(bytes)) {
    const { kind, data } = readNpy(bytes, path)
    if (kind !== npyKinds[input.dtype])
      throw new UserError('bad-input', `${path} holds another type than the model’s input`, { found: kind, expected })
    raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  }
  if (raw.length === 0 || raw.length % each)
    throw new UserError('bad-input', `${path} does not hold a whole number of inputs`, { found: `${raw.length} bytes`, expected })
  const own = raw.slice()
  return view(input.dtype, own.buffer, 0, own.length / bytesPerElement(input.dtype)) as Exclude<Data, BigInt64Array>
}

async function writeOutputs(path: string, { dtype, shape }: Tensor, bytes: Uint8Array, count: number): Promise<void> {
  const kind = npyKinds[dtype]
  if (!path.endsWith('.npy') || !kind) return writeWhole(path, bytes)
  const data = view(dtype, bytes.buffer, 0, bytes.length / bytesPerElement(dtype))
  await writeWhole(path, writeNpy({ kind, shape: [count, ...shape.slice(1)], data: data as Int8Array<ArrayBuffer> }))
}

const traceLine = (graph: Graph, id: number, data: Data): string => {
  const { name, shape } = graph.tensors[id]!
  const digest = createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex')
  return [id, name, `[${shape}]`, digest].join('\t')
}
