/** What TFLite's `benchmark_model` prints. */
import { DeviceError } from '../../../errors.ts'
import type { Timing } from '../../define.ts'

/** Microseconds by name, of the last line that counts runs: the first is that of the warm-up. */
export function timingIn(output: string): Timing {
  const lines = output.split(/\r?\n/)
  const counted = lines.filter((line) => /\bcount=\d+/.test(line)).at(-1)
  const whole = lines.find((line) => line.includes('Inference timings in us:'))
  const value = (line: string | undefined, name: string, mark = '='): number | undefined => {
    const found = line?.match(new RegExp(`(?:^|[\\s,])${name}${mark}\\s*([0-9.e+]+)`))?.[1]
    return found === undefined || !Number.isFinite(Number(found)) ? undefined : Number(found)
  }
  const [runs, min, avg, std] = ['count', 'min', 'avg', 'std'].map((name) => value(counted, name))
  const init = value(whole, 'Init', ':')
  const first = value(whole, 'First inference', ':')
  if (!runs || min === undefined || avg === undefined || first === undefined || init === undefined)
    throw new DeviceError('bad-reply', 'benchmark_model told no times', {
      found: output
        .trim()
        .split('\n')
        .slice(-2)
        .join(' | ')
        .replace(/[^\x20-\x7e]/g, '?')
        .slice(-200),
      expected: 'a line with count= min= avg=, and one with "Inference timings in us"',
      hint: 'Is it TFLite’s benchmark_model, and did it end by itself?',
    })
  const [median, p95] = [value(counted, 'median'), value(counted, 'p95')]
  return {
    runs,
    initMs: init / 1e3,
    firstMs: first / 1e3,
    minMs: min / 1e3,
    // Older builds tell no percentiles: the mean is the best word they have.
    medianMs: (median ?? avg) / 1e3,
    meanMs: avg / 1e3,
    ...(p95 !== undefined && { p95Ms: p95 / 1e3 }),
    deviationMs: (std ?? 0) / 1e3,
  }
}

export type Delegation = { readonly delegate: string; readonly part: 'completely' | 'partially' | 'not'; readonly kernels?: number }

/** What it says of a delegate that was asked for; undefined where it says nothing. */
export function delegationIn(output: string): Delegation | undefined {
  const not = /Though (\S+) delegate is explicitly applied, the model graph will not be executed/.exec(output)
  if (not) return { delegate: not[1]!, part: 'not' }
  const applied =
    /Explicitly applied (\S+) delegate, and the model graph will be (completely|partially) executed by the delegate(?: w\/ (\d+) delegate kernels)?/.exec(
      output,
    )
  if (!applied) return undefined
  return { delegate: applied[1]!, part: applied[2] as 'completely' | 'partially', ...(applied[3] && { kernels: Number(applied[3]) }) }
}

/** Throws for what it says of itself when it failed. */
export function mustHaveRun(exitCode: number, output: string): void {
  const unknown = /Unconsumed cmdline flags:\s*(.*)/.exec(output)?.[1]
  if (unknown?.trim())
    throw new DeviceError('device-refused', 'this build of benchmark_model does not know a flag', {
      found: unknown.slice(0, 200),
      hint: 'Install a newer one.',
    })
  if (output.includes('Disallowed CPU fallback detected')) throw fallback('the delegate leaves a part of the model to the CPU')
  if (exitCode === 126 || exitCode === 127 || /exec format error|not executable/i.test(output))
    throw new DeviceError('runtime-missing', 'there is no benchmark_model that runs on the device', {
      found: output.trim().split('\n').at(-1)?.slice(-160) ?? '',
      hint: 'Put one built for its architecture there, and name its path in the URI.',
    })
  if (exitCode !== 0 || output.includes('Benchmarking failed.')) {
    const why = output
      .split('\n')
      .filter((line) => /error|fail|no space/i.test(line))
      .slice(0, 3)
      .join(' | ')
    throw new DeviceError(/no space left/i.test(output) ? 'device-full' : 'runtime-refused', 'benchmark_model failed on this model', {
      found: why.replace(/[^\x20-\x7e]/g, '?').slice(0, 300) || `exit code ${exitCode}`,
      hint: 'Run `peapod check` on the model, or try it without a delegate.',
    })
  }
}

export const fallback = (found: string): DeviceError =>
  new DeviceError('cpu-fallback', 'the delegate that was asked for does not run the whole model', {
    found,
    expected: 'the model graph completely executed by the delegate',
    hint: 'Times would be those of the CPU. &fallback=1 in the URI allows it, and the report says so.',
  })
