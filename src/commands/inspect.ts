/** `peapod inspect M`: what is in a model file. */
import { printGraph } from '../graph/ir/print.ts'
import { type CommandDef, json } from './define.ts'
import { readModel } from './model-file.ts'

export const inspect: CommandDef = (program, io) =>
  program
    .command('inspect')
    .description('print the operators, tensors and metadata of a .tflite')
    .argument('<model>', 'a .tflite file')
    .option('--json', 'print as JSON, without the constants')
    .action(async (path: string, options: { json?: true }) => {
      const { graph } = await readModel(path)
      const { tensors, ...rest } = graph
      if (options.json) io.out(json({ ...rest, tensors: tensors.map(({ data, ...t }) => ({ ...t, constant: data !== undefined })) }))
      else io.out(`${printGraph(graph).join('\n')}\n`)
    })
