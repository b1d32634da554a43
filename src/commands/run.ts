/** `peapod run M.tflite --runner R`: latency elsewhere. */
import { latencyDefaults, measureLatency } from '../device/latency.ts'
import { openRunner } from '../device/open.ts'
import { bytesPerElement, size } from '../graph/ir/graph.ts'
import { key, uniform } from '../graph/math/random.ts'
import { milliseconds } from '../report/writers/words.ts'
import { type CommandDef, json } from './define.ts'
import { readTimeout, readWait } from './limits.ts'
import { readModel } from './model-file.ts'

type Options = { runner: string; runs: string; timeout: string; wait: string; json?: true }

export const run: CommandDef = (program, io) =>
  program
    .command('run')
    .description('measure the latency of a .tflite on a runner')
    .argument('<model>', 'a .tflite file')
    .option('--runner <uri>', 'where it runs: see `peapod doctor`', 'simulator:')
    .option('--runs <n>', 'at least so many timed inferences', String(latencyDefaults.minRuns))
    .option('--timeout <ms>', 'how long the runner may take to answer', '120000')
    .option('--wait <seconds>', 'queue so long for a device that another process holds', '0')
    .option('--json', 'print the measurement as JSON')
    .action(async (path: string, options: Options) => {
      const { bytes, graph } = await readModel(path)
      const { dtype, shape } = graph.tensors[graph.inputs[0]!]!
      const stream = key(0, 'test')
      const input = Uint8Array.from({ length: size(shape) * bytesPerElement(dtype) }, (_, i) => Math.floor(uniform(stream, i) * 256))
      if (dtype === 'float32') new Float32Array(input.buffer).forEach((_, i, all) => void (all[i] = uniform(stream, i)))
      const note = (text: string) => io.err(`${text}\n`)
      const runner = await openRunner(options.runner, {
        timeoutMs: readTimeout(options.timeout),
        waitMs: readWait(options.wait),
        signal: io.signal,
        note,
      })
      try {
        const measured = await measureLatency(runner, bytes, input, { ...latencyDefaults, minRuns: Number(options.runs) })
        if (options.json) return io.out(json(measured))
        const { latency: l, description } = measured
        io.out(`${description.runner} ${JSON.stringify(description.facts)}\n`)
        io.out(
          `median ${milliseconds(l.medianMs)}, p90 ${milliseconds(l.p90Ms)}, p99 ${milliseconds(l.p99Ms)}, min ${milliseconds(l.minMs)} of ${l.runs} runs\n`,
        )
        io.out(`initialisation ${milliseconds(l.initMs)}, first inference ${milliseconds(l.firstMs)}\n`)
        if (description.timing === 'host') io.out('these are times of this host, not of a target\n')
      } finally {
        await runner.close()
      }
    })
