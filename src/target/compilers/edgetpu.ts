/** Google's edgetpu_compiler: its log says which operators it mapped, and why not the others. It gives no cycles. */
import type { Compiled } from '../define.ts'
import { askVersion, call, inScratch, lack, unknownOutput } from './call.ts'
import type { Compiler } from './define.ts'
import { versionFindings } from './version-findings.ts'

const name = 'edgetpu'
const hint = 'Install the package edgetpu-compiler of coral.ai (Debian, x86-64), or set compiler to its program.'

export const edgetpu: Compiler = {
  name,
  says: 'edgetpu_compiler, for the Coral Edge TPU',
  hint,
  find: async ({ program = 'edgetpu_compiler', timeoutMs = 20_000 } = {}) => {
    const { stdout, why } = await askVersion([program], timeoutMs)
    const version = /Edge TPU Compiler version (\S+)/.exec(stdout ?? '')?.[1]
    if (version) return { command: [program], version }
    if (why === 'silent') return lack(name, `does not run here: ${program} --version did not answer within ${timeoutMs / 1000} s`, hint)
    return lack(name, stdout === undefined ? 'is not installed' : `is not installed: ${program} is another program`, hint)
  },
  compile: (found, model, target, options) =>
    inScratch(model, async (folder, path, read) => {
      const { stdout } = await call(name, found, ['--show_operations', '--out_dir', folder, path], options)
      const bytes = await read('model_edgetpu.tflite')
      if (!bytes) throw unknownOutput(name, found.version, 'it wrote no model_edgetpu.tflite', stdout)
      const result = { ...readLog(stdout, found.version), version: found.version, outputBytes: bytes.length }
      return { bytes, result: { ...result, findings: [...versionFindings(target, found.version), ...result.findings] } }
    }),
}

const units: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }

/** Of the log: counts of operators, and why those that were not mapped were not. */
function readLog(log: string, version: string): Omit<Compiled, 'version' | 'outputBytes'> {
  const rows = [...log.matchAll(/^([A-Z][A-Z0-9_-]*) +(\d+) +(\S.*?)\s*$/gm)].map(([, op, count, status]) => ({
    op: op!,
    count: Number(count),
    status: status!,
  }))
  const total = Number(/^Total number of operations: (\d+)/m.exec(log)?.[1])
  const listed = rows.reduce((sum, { count }) => sum + count, 0)
  if (!Number.isInteger(total)) throw unknownOutput(name, version, 'no line "Total number of operations:"', log)
  if (listed !== total) throw unknownOutput(name, version, `its table lists ${listed} of ${total} operations`, log)
  const bytesIn = (what: string): number => {
    const [, amount, unit] = new RegExp(`^${what}: ([\\d.]+)(B|KiB|MiB|GiB)`, 'm').exec(log) ?? []
    if (amount === undefined) throw unknownOutput(name, version, `no line "${what}:"`, log)
    return Math.round(Number(amount) * units[unit!]!)
  }
  const left = rows.filter(({ status }) => status !== 'Mapped to Edge TPU')
  const cpuOperators = left.reduce((sum, { count }) => sum + count, 0)
  return {
    compiler: name,
    layers: [],
    cpuOperators,
    acceleratorOperators: total - cpuOperators,
    weightBytes:
      bytesIn('On-chip memory used for caching model parameters') + bytesIn('Off-chip memory used for streaming uncached model parameters'),
    findings: left.map(({ op, count, status }) => ({
      code: 'not-mapped',
      severity: 'warning',
      node: -1,
      op,
      place: op,
      says: 'edgetpu_compiler leaves these operations to the CPU',
      found: `${count} x ${op}: ${status}`,
      hint: 'See `peapod check` for the rule; all that follows the first such operation runs on the CPU too.',
    })),
  }
}
