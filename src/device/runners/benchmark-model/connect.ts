/** TFLite's `benchmark_model` on another machine: one process a sample, timed by its own clock, with the proof that a delegate ran the model. */
import { DeviceError, UserError } from '../../../errors.ts'
import { readTflite } from '../../../formats/tflite/read.ts'
import { bytesPerElement, size, type Tensor } from '../../../graph/ir/graph.ts'
import type { Runner, RunnerOptions } from '../../define.ts'
import { conditionPaths, conditionsIn } from '../conditions.ts'
import type { Remote } from '../remote/define.ts'
import { runThere } from '../remote/run-there.ts'
import { isRemoteFlag } from '../remote/words.ts'
import { type WorkFolder, workFolder } from '../remote/work-folder.ts'
import { type Delegation, delegationIn, fallback, mustHaveRun, timingIn } from './read-output.ts'
import { layersIn } from './read-profile.ts'
import type { BenchmarkWords } from './words.ts'

type Ready = { readonly folder: WorkFolder; readonly feed: readonly string[]; readonly outputBytes: number }

/** Inferences of a profiled run. */
const profiled = 20

export async function connectBenchmark(
  uri: string,
  remote: Remote,
  { program, flags, delegate, mayFallBack }: BenchmarkWords,
  options: RunnerOptions,
): Promise<Runner> {
  const folder = await workFolder(remote, options)
  let ready: Ready | undefined
  let proof: Delegation | undefined
  let sent = ''

  const run = async (more: readonly string[]): Promise<string> => {
    const { exitCode, output } = await runThere(
      remote,
      [program, `--graph=${folder.at('model.tflite')}`, ...ready!.feed, ...flags, ...more],
      options,
    )
    mustHaveRun(exitCode, output)
    if (delegate) {
      proof = delegationIn(output)
      if (!mayFallBack && proof?.part !== 'completely')
        throw fallback(proof ? `${proof.delegate}: the model graph ${proof.part} executed by it` : 'no word of a delegate')
    }
    return output
  }
  const feed = async (input: Uint8Array) => {
    const digits = Buffer.from(input).toString('latin1')
    if (sent === digits) return
    await folder.push('in.bin', input)
    sent = digits
  }
  return {
    describe: async () => ({
      runner: uri,
      timing: 'measured',
      facts: {
        runtime: 'benchmark_model',
        delegate: delegate
          ? `${delegate}, ${proof ? `the model graph ${proof.part} executed by it${proof.kernels ? ` in ${proof.kernels} kernels` : ''}` : 'not tried yet'}`
          : 'none asked for: what its build does by itself',
        flags: flags.join(' ') || 'none',
      },
    }),
    load: async (model) => {
      const { tensors, inputs, outputs } = readTflite(model)
      if (inputs.length !== 1) throw new UserError('cannot-serve', 'this runner feeds one input', { found: `${inputs.length} inputs` })
      ready = {
        folder,
        feed: feedFlags(tensors[inputs[0]!]!, folder.at('in.bin')),
        outputBytes: outputs.reduce((sum, t) => sum + bytesOf(tensors[t]!), 0),
      }
      await folder.push('model.tflite', model)
      await feed(new Uint8Array(bytesOf(tensors[inputs[0]!]!)))
      return { initMs: timingIn(await run(times(1, 0, 0))).initMs }
    },
    invoke: async (inputs, count) => {
      const one = inputs.length / count
      const outputs: Uint8Array[] = []
      const durationsMs: number[] = []
      for (let at = 0; at < count; ) {
        const input = inputs.subarray(at * one, (at + 1) * one)
        let same = 1
        while (at + same < count && Buffer.compare(input, inputs.subarray((at + same) * one, (at + same + 1) * one)) === 0) same++
        await feed(input)
        const { meanMs } = timingIn(await run([...times(same, 0, 0), `--output_filepath=${folder.at('out.bin')}`]))
        const made = await folder.pull('out.bin')
        if (made.length !== ready!.outputBytes)
          throw new DeviceError('bad-reply', 'benchmark_model left an output of another size', {
            found: `${made.length} bytes`,
            expected: `${ready!.outputBytes} bytes`,
            hint: 'Is the disk there full? It writes no error.',
          })
        for (let n = 0; n < same; n++) outputs.push(made)
        durationsMs.push(...new Array<number>(same).fill(meanMs))
        at += same
      }
      return { outputs: new Uint8Array(Buffer.concat(outputs)), durationsMs }
    },
    time: async (input, { runs, minMs, warmUp }) => {
      await feed(input)
      return timingIn(await run(times(runs, minMs, warmUp)))
    },
    layers: async (input) => {
      await feed(input)
      const file = folder.at('profile.csv')
      await run([
        ...times(profiled, 0, 1),
        '--enable_op_profiling=true',
        '--op_profiling_output_mode=csv',
        `--op_profiling_output_file=${file}`,
      ])
      return layersIn(Buffer.from(await folder.pull('profile.csv')).toString())
    },
    conditions: async () => conditionsIn((await runThere(remote, ['head', '-n', '1', ...conditionPaths], options)).output),
    close: () => folder.close(),
  }
}

const bytesOf = ({ shape, dtype }: Tensor): number => size(shape) * bytesPerElement(dtype)

const times = (runs: number, minMs: number, warmUp: number): string[] => [
  ...[`--num_runs=${runs}`, `--min_secs=${minMs / 1e3}`, `--warmup_runs=${warmUp}`, '--warmup_min_secs=0'],
]

/** `:` in a name is written `::`. Throws UserError `cannot-serve` for a name that must not travel. */
function feedFlags({ name, shape }: Tensor, file: string): string[] {
  const flags = [
    `--input_layer=${name}`,
    `--input_layer_shape=${shape.join(',')}`,
    `--input_layer_value_files=${name.replaceAll(':', '::')}:${file}`,
  ]
  if (flags.every(isRemoteFlag) && !name.includes(',')) return flags
  throw new UserError('cannot-serve', 'the input of this model has a name that must not travel to a shell', {
    found: JSON.stringify(name).slice(0, 80),
    expected: 'letters, digits and _ . : ; / @ -',
    hint: 'Use runtime=litert, which needs no name.',
  })
}
