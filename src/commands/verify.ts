/** `peapod verify M.tflite --runner R --data D`: whether a runner answers as we do. */
import { availableParallelism } from 'node:os'
import { openRunner } from '../device/open.ts'
import { forecast, verifyOn } from '../device/verify.ts'
import { executeAll } from '../execute/pool/execute-all.ts'
import { percent } from '../report/writers/words.ts'
import { quantisedInputs } from '../stages/inputs.ts'
import { type DataOptions, openSplit, preprocessOf } from './data-options.ts'
import { type CommandDef, json } from './define.ts'
import { withDataOptions } from './evaluate.ts'
import { readQuantised } from './model-file.ts'
import { progressTo } from './progress.ts'
import { readTimeout, readWait } from './timeout.ts'

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
    .option('--json', 'print as JSON')
    .action(async (path: string, options: DataOptions & { runner: string; timeout: string; wait: string; json?: true }) => {
      const { bytes, graph } = await readQuantised(path)
      const preprocess = await preprocessOf(graph, options.preprocess)
      const { split, count } = await openSplit(options)
      const inputs = quantisedInputs(graph, preprocess, split, count)
      const here = await executeAll(bytes, inputs, { threads: availableParallelism(), rounding: 'tflm' })
      const progress = progressTo(io)
      const runner = await openRunner(options.runner, {
        timeoutMs: readTimeout(options.timeout),
        waitMs: readWait(options.wait),
        signal: io.signal,
        note: progress.note,
      })
      try {
        await runner.load(bytes)
        const long = forecast(await runner.describe(), count)
        if (long) progress.note(long)
        const labels = split.labels.subarray(0, count)
        const output = graph.tensors[graph.outputs[0]!]!
        const given = { inputs: new Uint8Array(inputs.buffer, inputs.byteOffset, inputs.byteLength), labels, here, output }
        const result = await verifyOn(runner, given, (done) =>
          progress.bar({ label: 'verify', done, total: count, says: `${done} of ${count} images` }),
        )
        progress.end()
        if (options.json) return io.out(json({ ...result, firstDifference: result.firstDifference ?? null }))
        io.out(`${result.runner}: accuracy ${percent(result.accuracy)} there, ${percent(result.accuracyHere)} here, on ${count} images\n`)
        io.out(
          `same class ${percent(result.agreement)}, bit-equal ${percent(result.bitEqual)}, largest difference ${result.maxDifference} steps\n`,
        )
        if (result.slackSteps !== undefined)
          io.out(`differences up to ${result.slackSteps} steps are lost in the decimals that the device prints\n`)
        const first = result.firstDifference
        if (first) io.out(`first difference: image ${first.sample}, output ${first.element}: ${first.there} there, ${first.here} here\n`)
      } finally {
        progress.end()
        await runner.close()
      }
    })
