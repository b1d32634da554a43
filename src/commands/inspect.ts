/** `peapod inspect M`: what is in a model file, or what quantisation cost each of its layers. */
import { floatFormats, readFloat } from '../formats/read-float.ts'
import { printGraph } from '../graph/ir/print.ts'
import { defaultSplit } from './data-options.ts'
import { type CommandDef, json } from './define.ts'
import { inspectLayers, type LayersOptions, layersText } from './layers.ts'
import { readModel } from './model-file.ts'

export const inspect: CommandDef = (program, io) =>
  program
    .command('inspect')
    .description('print the operators, tensors and metadata of a model file; with --layers, what quantisation cost each layer')
    .argument('<model>', `an int8 .tflite, or a float model: ${floatFormats}; for --layers also a run folder`)
    .option('--layers', 'compare each layer of an int8 model with its float model: max, mean, L2, cosine, SQNR')
    .option('--sensitivity', 'for --layers: also the signal to noise and the accuracy of the network when this layer alone is int8')
    .option('--float <model>', 'for --layers: the float model that the int8 file was made of')
    .option('--data <source>', 'for --layers: a data folder, or roadsigns; by default the data of the run')
    .option('--split <name>', 'train, validation or test', defaultSplit)
    .option('--limit <n>', 'only the first n images; 16 by default')
    .option('--seed <n>', 'the seed of an embedded data set', '1')
    .option('--preprocess <json>', 'how an image becomes an input, where the model does not say it: JSON, or a file')
    .option('--json', 'print as JSON, without the constants')
    .action(async (path: string, options: LayersOptions & { layers?: true; json?: true }) => {
      if (options.layers) {
        const errors = await inspectLayers(path, options)
        const first = errors.find(({ flags }) => flags.length)?.name ?? null
        return io.out(options.json ? json({ layers: errors, firstThatLoses: first }) : layersText(errors))
      }
      const graph = path.endsWith('.tflite') ? (await readModel(path)).graph : await readFloat(path)
      const { tensors, ...rest } = graph
      if (options.json) io.out(json({ ...rest, tensors: tensors.map(({ data, ...t }) => ({ ...t, constant: data !== undefined })) }))
      else io.out(`${printGraph(graph).join('\n')}\n`)
    })
