/** `peapod inspect M`: what is in a model file. */
import { floatFormats, readFloat } from '../formats/read-float.ts'
import { printGraph } from '../graph/ir/print.ts'
import { type CommandDef, json } from './define.ts'
import { readModel } from './model-file.ts'

export const inspect: CommandDef = (program, io) =>
  program
    .command('inspect')
    .description('print the operators, tensors and metadata of a model file')
    .argument('<model>', `an int8 .tflite, or a float model: ${floatFormats}`)
    .option('--json', 'print as JSON, without the constants')
    .action(async (path: string, options: { json?: true }) => {
      const graph = path.endsWith('.tflite') ? (await readModel(path)).graph : await readFloat(path)
      const { tensors, ...rest } = graph
      if (options.json) io.out(json({ ...rest, tensors: tensors.map(({ data, ...t }) => ({ ...t, constant: data !== undefined })) }))
      else io.out(`${printGraph(graph).join('\n')}\n`)
    })
