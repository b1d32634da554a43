/** `peapod evaluate M.tflite --data D`: accuracy by the bit-exact executor. */
import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import { evaluate as evaluateModel } from '../execute/pool/evaluate.ts'
import { size } from '../graph/ir/graph.ts'
import { table } from '../report/writers/text.ts'
import { percent } from '../report/writers/words.ts'
import { quantisedInputs } from '../stages/inputs.ts'
import { type DataOptions, defaultSplit, openSplit, preprocessOf } from './data-options.ts'
import { type CommandDef, json } from './define.ts'
import { readQuantised } from './model-file.ts'

const rounding = 'tflm'

export const withDataOptions = (command: Command): Command =>
  command
    .requiredOption('--data <source>', 'a data folder, or roadsigns')
    .option('--split <name>', 'train, validation or test', defaultSplit)
    .option('--limit <n>', 'only n images, classes balanced, drawn by --seed')
    .option('--seed <n>', 'of an embedded data set, of images held back, and of --limit', '1')
    .option('--skip-corrupt', 'leave out image files that cannot be read')
    .option('--preprocess <json>', 'how an image becomes an input, where the model does not say it: JSON, or a file')

export const evaluate: CommandDef = (program, io) =>
  withDataOptions(
    program
      .command('evaluate')
      .description('accuracy of an int8 .tflite on a data set, bit-exact')
      .argument('<model>', 'an int8 .tflite file'),
  )
    .option('--json', 'print as JSON')
    .action(async (path: string, options: DataOptions & { json?: true }) => {
      const { bytes, graph } = await readQuantised(path)
      const preprocess = await preprocessOf(graph, options.preprocess)
      const { split, count, classes } = await openSplit(options)
      const inputs = quantisedInputs(graph, preprocess, split, count)
      const width = size(graph.tensors[graph.outputs[0]!]!.shape)
      const labels = split.labels.subarray(0, count)
      const { outputs: _, ...result } = await evaluateModel(bytes, inputs, labels, width, { threads: availableParallelism(), rounding })
      if (options.json) return io.out(json({ ...result, rounding }))
      const rows = result.recall.map((recall, k) => [classes[k] ?? `class ${k}`, recall === null ? '' : percent(recall, 1)])
      io.out(`${table(['class', 'recall'], rows).join('\n')}\n\n`)
      io.out(
        `accuracy ${percent(result.accuracy)} on ${count} images of ${options.split} (${rounding} rounding, ${Math.round(result.imagesPerSecond)} images/s)\n`,
      )
    })
