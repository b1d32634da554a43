/** What a training says of its kernels: `--profile` and `--verbose`. */
import { table } from '../report/writers/text.ts'
import { grouped, percent } from '../report/writers/words.ts'
import type { Backend, KernelTime } from '../training/backends/define.ts'

/** One row a kernel; GFLOP/s where the kernel's operations are counted: multiplications and additions of convolutions. */
export function kernelTable(times: readonly KernelTime[]): string[] {
  const whole = times.reduce((sum, { ms }) => sum + ms, 0)
  const row = ({ kernel, calls, ms, flops }: KernelTime) => [
    kernel,
    grouped(calls),
    ms.toFixed(1),
    percent(whole > 0 ? ms / whole : 0, 1),
    flops > 0 && ms > 0 ? (flops / ms / 1e6).toFixed(1) : '',
  ]
  const calls = times.reduce((sum, time) => sum + time.calls, 0)
  const all = ['all', grouped(calls), whole.toFixed(1), percent(1, 1), '']
  return table(['kernel', 'calls', 'ms', 'share', 'GFLOP/s'], [...times.map(row), all])
}

/** After the training: which backend it was, and each kernel that fell back. */
export function backendLines({ name, fallbacks }: Backend): string[] {
  const fell = [...(fallbacks?.() ?? [])]
  const lines = fell.map(([kernel, why]) => `${kernel} fell back: ${why}`)
  return [`trained by the ${name} backend; ${fell.length ? `${fell.length} kernels fell back` : 'no kernel fell back'}`, ...lines]
}
