/** `peapod quantise FLOATMODEL --data D --out M.tflite`: the int8 form of a float model from elsewhere. */
import { availableParallelism } from 'node:os'
import { openDataSet } from '../data/load.ts'
import { encodePreprocess, preprocessKey } from '../data/preprocess.ts'
import { sample } from '../data/sample.ts'
import { prepareExecutor } from '../execute/execute.ts'
import { evaluate } from '../execute/pool/evaluate.ts'
import { type Score, score } from '../execute/score.ts'
import * as formats from '../formats/index.ts'
import { readFloat } from '../formats/read-float.ts'
import { type Graph, size } from '../graph/ir/graph.ts'
import { percent } from '../report/writers/words.ts'
import { writeWhole } from '../runs/files.ts'
import { convert } from '../stages/convert.ts'
import { floatInputs, quantisedInputs } from '../stages/inputs.ts'
import { type DataOptions, openSplit, preprocessOf } from './data-options.ts'
import { type CommandDef, json } from './define.ts'
import { withDataOptions } from './evaluate.ts'

type Options = DataOptions & { out: string; method: string; calibration: string; json?: true }

/** The float side runs on plain kernels: some 40 images a second. */
const comparedImages = '500'

export const quantise: CommandDef = (program, io) =>
  withDataOptions(
    program
      .command('quantise')
      .description('quantise a float model to an int8 .tflite, and compare both on a data set')
      .argument(
        '<model>',
        Object.values(formats)
          .map((f) => f.says)
          .join(', or '),
      )
      .requiredOption('--out <file>', 'the .tflite to write'),
  )
    .option('--method <name>', 'how ranges are chosen', 'min-max')
    .option('--calibration <n>', 'images of the training split to calibrate on', '200')
    .option('--json', 'print the result as JSON')
    .action(async (path: string, options: Options) => {
      const graph = await readFloat(path)
      const preprocess = await preprocessOf(graph, options.preprocess)
      const imported = { ...graph, metadata: { ...graph.metadata, [preprocessKey]: encodePreprocess(preprocess) } }
      const { train } = (await openDataSet(options.data, { seed: Number(options.seed) })).splits
      const { split, count } = await openSplit({ ...options, limit: options.limit ?? comparedImages })
      const indices = sample(train, Number(options.calibration), Number(options.seed))
      const { folded, quantised, bytes } = convert(imported, floatInputs(train, preprocess, indices), options.method)
      await writeWhole(options.out, bytes)
      const classes = size(quantised.tensors[quantised.outputs[0]!]!.shape)
      const labels = split.labels.subarray(0, count)
      const images = floatInputs(
        split,
        preprocess,
        Uint32Array.from({ length: count }, (_, i) => i),
      )
      const float = floatScore(folded, images, labels, classes)
      const { outputs: _, ...int8 } = await evaluate(bytes, quantisedInputs(quantised, preprocess, split, count), labels, classes, {
        threads: availableParallelism(),
      })
      if (options.json) io.out(json({ model: options.out, bytes: bytes.length, calibration: indices.length, float, int8 }))
      else
        io.out(
          `${options.out}: ${bytes.length} bytes; float ${percent(float.accuracy)}, int8 ${percent(int8.accuracy)} on ${count} images of ${options.split}\n`,
        )
    })

function floatScore(graph: Graph, images: Iterable<Float32Array>, labels: Int32Array, classes: number): Score {
  const executor = prepareExecutor(graph)
  const outputs = new Float32Array(labels.length * classes)
  let at = 0
  for (const image of images) {
    outputs.set(executor.run([image])[0] as Float32Array, at)
    at += classes
  }
  return score(outputs, labels, classes)
}
