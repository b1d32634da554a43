/** `peapod evaluate M.tflite --data D`: accuracy by the bit-exact executor. */
import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import { evaluate as evaluateModel } from '../execute/pool/evaluate.ts'
import { evaluatePixels } from '../execute/pool/evaluate-pixels.ts'
import { size } from '../graph/ir/graph.ts'
import { scoreWords } from '../report/score-words.ts'
import { table } from '../report/writers/text.ts'
import { percent } from '../report/writers/words.ts'
import { requireAnswers } from '../stages/answers.ts'
import { quantisedInputs } from '../stages/inputs.ts'
import { pixelParts } from '../stages/pixel-parts.ts'
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
      const { shape } = graph.tensors[graph.outputs[0]!]!
      const run = { threads: availableParallelism(), rounding } as const
      const result = requireAnswers(path, shape, { name: options.data, classes, split })
        ? await evaluatePixels(graph, pixelParts(graph, preprocess, split), shape.at(-1)!, run)
        : await ofImages(bytes, quantisedInputs(graph, preprocess, split, count), split.labels.subarray(0, count), size(shape), run)
      if (options.json) return io.out(json({ ...result, rounding }))
      const share = (value: number | null | undefined) => (typeof value === 'number' ? percent(value, 1) : '')
      const iou = 'iou' in result ? result.iou : undefined
      const rows = result.recall.map((recall, k) => [classes[k] ?? `class ${k}`, ...(iou ? [share(iou[k])] : []), share(recall)])
      io.out(`${table(['class', ...(iou ? ['IoU'] : []), 'recall'], rows).join('\n')}\n\n`)
      const rate = result.imagesPerSecond.toFixed(result.imagesPerSecond < 10 ? 1 : 0)
      io.out(`${scoreWords(result)} on ${count} images of ${options.split} (${rounding} rounding, ${rate} images/s)\n`)
    })

async function ofImages(...given: Parameters<typeof evaluateModel>) {
  const { outputs: _, ...scored } = await evaluateModel(...given)
  return scored
}
