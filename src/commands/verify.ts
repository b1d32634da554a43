/** `peapod verify M.tflite --runner R --data D`: whether a runner answers as we do. */
import { availableParallelism } from 'node:os'
import { findFirstDifference } from '../device/agreement/first-difference.ts'
import { roundingOf } from '../device/agreement/rounding-of.ts'
import { worstFiles, worstPixelFiles } from '../device/agreement/worst-files.ts'
import type { Agreement } from '../device/define.ts'
import { openRunner } from '../device/open.ts'
import { forecast, type VerifyInputs, verifyOn } from '../device/verify.ts'
import { verifyParts } from '../device/verify-parts.ts'
import { executeAll } from '../execute/pool/execute-all.ts'
import type { Tensor } from '../graph/ir/graph.ts'
import type { Rounding } from '../graph/ops/define.ts'
import { scoreWords } from '../report/score-words.ts'
import { confusionOf, differencesOf } from '../report/writers/run-lines.ts'
import { percent } from '../report/writers/words.ts'
import { sha256 } from '../runs/files.ts'
import { requireAnswers } from '../stages/answers.ts'
import { quantisedInputs } from '../stages/inputs.ts'
import { partsOfPixels } from '../stages/pixel-parts.ts'
import { partialText } from '../stages/verify.ts'
import { type DataOptions, openSplit, preprocessOf } from './data-options.ts'
import { type CommandDef, json } from './define.ts'
import { withDataOptions } from './evaluate.ts'
import { keptAt } from './kept-verify.ts'
import { readSteps, readTimeout, readWait } from './limits.ts'
import { readQuantised } from './model-file.ts'
import { progressTo } from './progress.ts'

export const verify: CommandDef = (program, io) =>
  withDataOptions(
    program
      .command('verify')
      .description('hold a runner’s outputs against ours over a data set')
      .argument('<model>', 'an int8 .tflite file')
      .requiredOption('--runner <uri>', 'where it runs: see `peapod doctor`'),
  )
    .option('--timeout <ms>', 'how long the runner may take to answer', '120000')
    .option('--wait <seconds>', 'queue so long for a device that another process holds', '0')
    .option('--why', 'where outputs differ, find the first tensor that does, by running parts of the model on both sides')
    .option('--tolerance <steps>', 'with --why: differences up to so many steps are the runtime’s own rounding', '0')
    .option('--json', 'print as JSON')
    .action(
      async (
        path: string,
        options: DataOptions & { runner: string; timeout: string; wait: string; why?: true; tolerance: string; json?: true },
      ) => {
        const { bytes, graph } = await readQuantised(path)
        const preprocess = await preprocessOf(graph, options.preprocess)
        const { split, count, classes } = await openSplit(options)
        const [input, output] = [graph.tensors[graph.inputs[0]!]!, graph.tensors[graph.outputs[0]!]!]
        const threads = availableParallelism()
        const ofPixels = requireAnswers(path, output.shape, { name: options.data, classes, split })
        const progress = progressTo(io)
        const runner = await openRunner(options.runner, {
          timeoutMs: readTimeout(options.timeout),
          waitMs: readWait(options.wait),
          signal: io.signal,
          note: progress.note,
        })
        try {
          const toleranceSteps = readSteps(options.tolerance)
          const { preflashed } = await runner.load(bytes)
          if (options.why && preflashed) progress.note('--why is left out: a model in a firmware cannot be cut into parts')
          const description = await runner.describe()
          const rounding = roundingOf(description)
          const given = ofPixels
            ? undefined
            : await wholeSplit(bytes, quantisedInputs(graph, preprocess, split, count), split.labels.subarray(0, count), output, {
                threads,
                rounding,
              })
          const long = forecast(description, count)
          if (long) progress.note(long)
          const kept = keptAt(sha256(`${sha256(bytes)} ${options.runner} ${options.data} ${options.split}`).slice(0, 16))
          const onProgress = (done: number) => progress.bar({ label: 'verify', done, total: count, says: 'images' })
          const onPartial = async (partial: Agreement) => {
            progress.note(partialText(partial))
            if (options.json) io.out(json(partial))
          }
          const world = { kept, model: sha256(bytes), onProgress, onPartial }
          const parts = partsOfPixels(graph, preprocess, split, { threads, rounding }, count)
          const result = given ? await verifyOn(runner, given, world) : await verifyParts(runner, parts, world)
          const first = result.firstDifference
          const why =
            options.why && first && !preflashed
              ? await findFirstDifference(runner, graph, {
                  inputs: new Uint8Array(quantisedInputs(graph, preprocess, split, first.sample + 1, first.sample).buffer),
                  count: 1,
                  toleranceSteps,
                  rounding,
                  onRun: (runs, tensor) => progress.note(`part ${runs} ran, up to ${tensor}`),
                })
              : undefined
          progress.end()
          await kept.end(given ? worstFiles(result, given, input) : worstPixelFiles(result, parts, input))
          if (options.json)
            return io.out(json({ ...result, rounding, firstDifference: first ?? null, ...(options.why && { firstTensor: why ?? null }) }))
          const here = { accuracy: result.accuracyHere, ...(result.meanIouHere !== undefined && { meanIou: result.meanIouHere }) }
          io.out(`${result.runner}: ${scoreWords(result)} there, ${scoreWords(here)} here (${rounding} rounding), on ${count} images\n`)
          io.out(`same class ${percent(result.agreement)}, bit-equal ${percent(result.bitEqual)}, ${differencesOf(result)}\n`)
          if (result.confusion) io.out(`other classes: ${confusionOf(result.confusion, classes)}\n`)
          if (result.slackSteps !== undefined)
            io.out(`differences up to ${result.slackSteps} steps are lost in the decimals that the device prints\n`)
          if (first) io.out(`first difference: image ${first.sample}, output ${first.element}: ${first.there} there, ${first.here} here\n`)
          if (result.worst) io.out(`the ${result.worst.length} samples that differ most are in ${kept.folder}\n`)
          if (why)
            io.out(`first tensor: ${why.tensor} of ${why.op}, up to ${why.maxDifference} steps, found with ${why.prefixRuns} parts\n`)
          else if (options.why && first && !preflashed) io.out(`no tensor differs by more than ${toleranceSteps} steps on that image\n`)
        } finally {
          progress.end()
          await runner.close()
        }
      },
    )

async function wholeSplit(
  model: Uint8Array,
  inputs: Int8Array,
  labels: Int32Array,
  output: Tensor,
  how: { readonly threads: number; readonly rounding: Rounding },
): Promise<VerifyInputs> {
  const here = await executeAll(model, inputs, how)
  return { inputs: new Uint8Array(inputs.buffer), labels, here, output }
}
