/** `peapod export M.tflite --target T --out DIR`: what firmware takes. */
import { basename, join } from 'node:path'
import { decodePreprocess, preprocessKey } from '../data/preprocess.ts'
import { UserError } from '../errors.ts'
import { type Data, type Graph, size, view } from '../graph/ir/graph.ts'
import { bits, key } from '../graph/math/random.ts'
import { sha256, writeWhole } from '../runs/files.ts'
import { quantisedInputs } from '../stages/inputs.ts'
import { findCompiler } from '../target/compilers/find-compiler.ts'
import type { ExportInput, Vector } from '../target/export/define.ts'
import { exportFiles } from '../target/export/export.ts'
import { vectorsOf } from '../target/export/vectors.ts'
import { loadTarget } from '../target/profiles/load.ts'
import type { Target } from '../target/profiles/schema.ts'
import { defaultSplit, openSplit, preprocessOf } from './data-options.ts'
import { type CommandDef, json } from './define.ts'
import { readTimeout } from './limits.ts'
import { readQuantised } from './model-file.ts'

type Options = {
  target: string
  out: string
  name?: string
  data?: string
  split: string
  seed: string
  preprocess?: string
  vectors: string
  compiler: string
  timeout: string
  json?: true
}

export const exportCommand: CommandDef = (program, io) =>
  program
    .command('export')
    .description('write what firmware takes: the model as C, resolver, arena, preprocessing, golden vectors')
    .argument('<model>', 'an int8 .tflite file')
    .requiredOption('--target <name>', 'a target of `peapod targets`, or the path of a profile')
    .requiredOption('--out <dir>', 'the folder to write into')
    .option('--name <name>', 'how names in C begin; by default the name of the file')
    .option('--data <source>', 'where golden inputs and class names come from; seeded noise where absent')
    .option('--split <name>', 'train, validation or test', defaultSplit)
    .option('--seed <n>', 'the seed of an embedded data set, and of the noise', '1')
    .option('--preprocess <json>', 'how an image becomes an input, where the model does not say it: JSON, or a file')
    .option('--vectors <n>', 'how many golden vectors', '4')
    .option('--compiler <program>', 'auto, none, or the path of the target’s compiler, or of a Python that has it', 'auto')
    .option('--timeout <ms>', 'how long the compiler may take', '300000')
    .option('--json', 'print what was written as JSON')
    .action(async (path: string, options: Options) => {
      const { bytes, graph } = await readQuantised(path)
      const target = loadTarget(options.target)
      const contract =
        options.preprocess !== undefined || graph.metadata[preprocessKey] === undefined
          ? undefined
          : decodePreprocess(graph.metadata[preprocessKey])
      const preprocess = options.preprocess === undefined ? contract : await preprocessOf(graph, options.preprocess)
      const { vectors, classes } = await goldenOf(graph, options)
      const files = exportFiles({
        name: options.name ?? basename(path).replace(/\.tflite$/, ''),
        ...{ graph, target, vectors, model: { bytes, sha256: sha256(bytes) } },
        ...(preprocess && { preprocess }),
        ...(classes && { classes }),
        ...(await compiledOf(bytes, target, options, io.signal)),
      })
      for (const [name, text] of Object.entries(files)) await writeWhole(join(options.out, name), text)
      const names = Object.keys(files)
      if (options.json) return io.out(json({ out: options.out, files: names, vectors: vectors.length }))
      io.out(`${names.map((name) => join(options.out, name)).join('\n')}\n`)
    })

async function compiledOf(
  bytes: Uint8Array,
  target: Target,
  { compiler, timeout }: Options,
  signal: AbortSignal,
): Promise<Pick<ExportInput, 'compiled' | 'notCompiled'>> {
  const found = await findCompiler(target, compiler)
  if (found && 'version' in found) {
    const compiled = await found.compiler.compile(found, bytes, target, { timeoutMs: readTimeout(timeout), signal })
    return { compiled: { ...compiled, sha256: sha256(compiled.bytes) } }
  }
  if (found) return { notCompiled: `${found.what}; ${found.hint}` }
  return target.compiler ? { notCompiled: compiler === 'none' ? 'compiler is none' : `Peapod does not drive ${target.compiler.name}` } : {}
}

async function goldenOf(graph: Graph<'quantised'>, options: Options): Promise<{ vectors: readonly Vector[]; classes?: readonly string[] }> {
  const count = Number(options.vectors)
  if (!Number.isInteger(count) || count < 0 || count > 1000)
    throw new UserError('bad-option', '--vectors wants a whole number', { found: options.vectors, expected: '0 to 1000' })
  if (options.data === undefined) return { vectors: vectorsOf(graph, noise(graph, count, Number(options.seed))) }
  const { split, classes } = await openSplit({ ...options, data: options.data })
  const preprocess = await preprocessOf(graph, options.preprocess)
  const images = quantisedInputs(graph, preprocess, split, count)
  const each = size(graph.tensors[graph.inputs[0]!]!.shape)
  const inputs = Array.from({ length: images.length / each }, (_, i) => [images.slice(i * each, (i + 1) * each)])
  return { vectors: vectorsOf(graph, inputs, split.labels), classes }
}

/** Seeded elements over the whole range of small integers; a float in [-1, 1). */
function noise(graph: Graph, count: number, seed: number): Data[][] {
  return Array.from({ length: count }, (_, n) =>
    graph.inputs.map((t, i) => {
      const { dtype, shape } = graph.tensors[t]!
      const stream = key(seed, 'test', n, i)
      if (dtype === 'float32') return Float32Array.from({ length: size(shape) }, (_, e) => ((bits(stream, e) & 0xffff) - 0x8000) / 0x8000)
      const data = view(dtype, new ArrayBuffer(8 * size(shape)), 0, size(shape)) as Int8Array
      for (let e = 0; e < data.length; e++) data[e] = bits(stream, e) & 0xff
      return data
    }),
  )
}
