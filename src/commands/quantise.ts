/** `peapod quantise FLOATMODEL --data D --out M.tflite`: the int8 form of a float model from elsewhere. */
import { availableParallelism } from 'node:os'
import { openDataSet } from '../data/load.ts'
import { encodePreprocess, preprocessKey } from '../data/preprocess.ts'
import { sample } from '../data/sample.ts'
import { UserError } from '../errors.ts'
import { floatFormats, readFloat } from '../formats/read-float.ts'
import { writeTflite } from '../formats/tflite/write.ts'
import { asUint8 } from '../quantise/as-uint8.ts'
import { auto, methods } from '../quantise/method.ts'
import { type MixedOptions, wideForms } from '../quantise/mixed/define.ts'
import { scoreWords } from '../report/score-words.ts'
import { percent } from '../report/writers/words.ts'
import { writeWhole } from '../runs/files.ts'
import { requireAnswers } from '../stages/answers.ts'
import { compareImages, comparePixels } from '../stages/compare-forms.ts'
import { convert } from '../stages/convert.ts'
import { floatInputs } from '../stages/inputs.ts'
import { quantisationLines } from '../stages/quantisation.ts'
import { loadTarget } from '../target/profiles/load.ts'
import { version } from '../version.ts'
import { type DataOptions, openSplit, preprocessOf } from './data-options.ts'
import { type CommandDef, json } from './define.ts'
import { withDataOptions } from './evaluate.ts'

type Options = DataOptions & {
  out: string
  method: string
  calibration: string
  refine: boolean
  target?: string
  allow?: true
  mixed?: string
  keep: string
  json?: true
}

/** Images on which float and int8 are held side by side, for a word on both: `evaluate` takes them all. */
const comparedImages = '500'
/** Images whose pixels are to be classified are larger. */
const comparedMasks = '20'

export const quantise: CommandDef = (program, io) =>
  withDataOptions(
    program
      .command('quantise')
      .description('quantise a float model to an int8 .tflite, and compare both on a data set')
      .argument('<model>', `one of: ${floatFormats}`)
      .requiredOption('--out <file>', 'the .tflite to write'),
  )
    .option('--method <name>', `how ranges are chosen: ${[auto, ...methods.keys()].join(', ')}`, auto)
    .option('--no-refine', 'leave out equalisation, adaptive rounding and bias correction')
    .option('--target <name>', 'a target whose scales the file shall have and whose operators it may use')
    .option('--mixed <share>', 'the share of multiply-accumulates, 0 to 1, that may stay wider than int8, where int8 costs most')
    .option('--keep <form>', `for --mixed: ${wideForms.join(' or ')}`, wideForms[0])
    .option('--allow', 'let smooth activations stay that the target does not have')
    .option('--calibration <n>', 'images of the training split to calibrate on', '200')
    .option('--json', 'print the result as JSON')
    .action(async (path: string, options: Options) => {
      const graph = await readFloat(path)
      const preprocess = await preprocessOf(graph, options.preprocess)
      const imported = { ...graph, metadata: { ...graph.metadata, [preprocessKey]: encodePreprocess(preprocess) } }
      const set = await openDataSet(options.data, { seed: Number(options.seed), ...(options.skipCorrupt && { skipCorrupt: true }) })
      const { train } = set.splits
      const limit = options.limit ?? (train.mask ? comparedMasks : comparedImages)
      const { split, count, classes } = await openSplit({ ...options, limit }, set)
      const ofPixels = requireAnswers(path, graph.tensors[graph.outputs[0]!]!.shape, { name: options.data, classes, split })
      const indices = sample(train, Number(options.calibration), Number(options.seed))
      const target = options.target === undefined ? undefined : loadTarget(options.target)
      const uint8 = target?.quantisation?.type === 'uint8'
      const { folded, quantised, bytes, quantisation } = convert(imported, floatInputs(train, preprocess, indices), {
        ...{ method: options.method, refine: options.refine, allow: options.allow, mixed: mixedOf(options) },
        target,
      })
      for (const line of quantisationLines(quantisation)) io.err(`${line}\n`)
      await writeWhole(options.out, uint8 ? writeTflite(asUint8(quantised), { description: `Peapod ${version}` }) : bytes)
      if (uint8)
        io.err(
          `${target!.name} takes uint8: the file holds these steps 128 higher; its figures are those of the int8 form, for no runtime has uint8 kernels to be equal to\n`,
        )
      const { agreed, scores } = ofPixels
        ? await comparePixels(folded, quantised, preprocess, split, availableParallelism())
        : await compareImages(folded, quantised, preprocess, split, availableParallelism())
      if (options.json)
        return io.out(
          json({
            model: options.out,
            bytes: bytes.length,
            calibration: indices.length,
            samples: count,
            agreement: agreed,
            ...scores,
            quantisation,
          }),
        )
      const accuracy = scores ? `float ${scoreWords(scores.float)}, int8 ${scoreWords(scores.int8)}, ` : ''
      io.out(`${options.out}: ${bytes.length} bytes; ${accuracy}same class ${percent(agreed)} on ${count} images of ${options.split}\n`)
    })

function mixedOf({ mixed, keep }: Options): MixedOptions | undefined {
  const form = wideForms.find((known) => known === keep)
  if (!form) throw new UserError('bad-option', '--keep wants a form', { found: keep, expected: wideForms.join(', ') })
  if (mixed === undefined) return undefined
  const budget = Number(mixed)
  if (budget > 0 && budget <= 1) return { budget, keep: form }
  throw new UserError('bad-option', '--mixed wants a share', { found: mixed, expected: 'a number above 0, at most 1' })
}
