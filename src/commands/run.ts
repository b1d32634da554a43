/** `peapod run M.tflite --runner R`: latency elsewhere. */
import { latencyDefaults, measureLatency } from '../device/latency/measure.ts'
import { openRunner } from '../device/open.ts'
import { bytesPerElement, size } from '../graph/ir/graph.ts'
import { key, uniform } from '../graph/math/random.ts'
import { shown } from '../report/writers/escape.ts'
import { timesOf } from '../report/writers/run-lines.ts'
import { milliseconds } from '../report/writers/words.ts'
import { type CommandDef, json } from './define.ts'
import { readSeconds, readTimeout, readWait, readWidth } from './limits.ts'
import { readModel } from './model-file.ts'

type Options = { runner: string; runs: string; width: string; limit: string; timeout: string; wait: string; json?: true }

export const run: CommandDef = (program, io) =>
  program
    .command('run')
    .description('measure the latency of a .tflite on a runner')
    .argument('<model>', 'a .tflite file')
    .option('--runner <uri>', 'where it runs: see `peapod doctor`', 'simulator:')
    .option('--runs <n>', 'at least so many timed inferences', String(latencyDefaults.minRuns))
    .option('--width <share>', 'runs until the 95 % interval of the median is at most this share of it', String(latencyDefaults.width))
    .option('--limit <seconds>', 'or until so long', String(latencyDefaults.maxMs / 1e3))
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
        const measured = await measureLatency(runner, bytes, input, {
          minRuns: Number(options.runs),
          width: readWidth(options.width),
          maxMs: readSeconds(options.limit) * 1e3,
        })
        if (options.json) return io.out(json(measured))
        const { latency: l, description } = measured
        io.out(`${description.runner} ${JSON.stringify(description.facts)}\n`)
        io.out(`${timesOf(l)}; ${l.runs} runs\n`)
        if (l.unstable) io.out(`no verdict on latency: ${l.unstable}\n`)
        for (const layer of measured.layers ?? [])
          io.out(`${milliseconds(layer.meanMs)} ${shown(layer.name, 80)} (${shown(layer.op, 40)})\n`)
        if (description.timing === 'host') io.out('these are times of this host, not of a target\n')
      } finally {
        await runner.close()
      }
    })
