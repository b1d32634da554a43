/** Arm Vela, the compiler of the Ethos-U: its summary, its layers, and the operators that it leaves on the CPU although it exits with 0. */
import { basename } from 'node:path'
import { UserError } from '../../errors.ts'
import type { Compiled, CompiledLayer } from '../define.ts'
import type { Target } from '../profiles/schema.ts'
import { askVersion, call, inScratch, lack, unknownOutput } from './call.ts'
import { type Row, readCsv } from './csv.ts'
import type { Compiler, FindOptions, Found, Lack } from './define.ts'
import { versionFindings } from './version-findings.ts'

const name = 'vela'
const hint = 'pip install ethos-u-vela, or set compiler to its program or to a Python that has it.'
const module = ['-m', 'ethosu.vela'] as const

export const vela: Compiler = {
  name,
  says: 'Arm Vela (ethos-u-vela), for Ethos-U55, U65 and U85',
  hint,
  find,
  compile: (found, model, target, options) =>
    inScratch(model, async (folder, path, read) => {
      const configuration = configurationOf(target)
      const { stdout } = await call(name, found, argumentsOf(configuration, path, folder), options)
      const unknown = (lacks: string, seen: string) => unknownOutput(name, found.version, lacks, seen)
      const text = async (file: string) => {
        const bytes = await read(file)
        if (!bytes) throw unknown(`it wrote no ${file}`, stdout)
        return Buffer.from(bytes).toString()
      }
      const summary = readCsv(await text(`model_summary_${configuration.system}.csv`)).at(-1) ?? {}
      const layers = readCsv(await text('model_per-layer.csv')).map((row) => layerOf(row, unknown))
      const bytes = await read('model_vela.tflite')
      if (!bytes) throw unknown('it wrote no model_vela.tflite', stdout)
      const result = { ...resultOf({ summary, layers, stdout, unknown }), version: found.version, outputBytes: bytes.length }
      return { bytes, result: { ...result, configuration, findings: versionFindings(target, found.version) } }
    }),
}

/** `vela` on the path, else a python3 that has it; where a program is named, only that one. */
async function find({ program, timeoutMs = 20_000 }: FindOptions = {}): Promise<Found | Lack> {
  const isPython = program !== undefined && /^python[\d.]*(\.exe)?$/.test(basename(program))
  const commands: Found['command'][] =
    program === undefined ? [[name], ['python3', ...module]] : [isPython ? [program, ...module] : [program]]
  let last: Lack = lack(name, 'is not installed', hint)
  for (const command of commands) {
    const { stdout, why, refused } = await askVersion(command, timeoutMs)
    // Another program of this name, such as KubeVela's, says something else.
    const version = stdout === undefined ? undefined : /^(\d+\.\d+\.\d+\S*)\s*$/.exec(stdout)?.[1]
    if (version) return { command, version }
    const said = command.join(' ')
    if (why === 'silent') last = lack(name, `does not run here: ${said} --version did not answer within ${timeoutMs / 1000} s`, hint)
    else if (stdout !== undefined)
      last = lack(name, `is not installed: ${said} answers --version with ${JSON.stringify(stdout.slice(0, 60))}`, hint)
    else if (program !== undefined)
      last = lack(name, `is not there: ${said} ${why === 'absent' ? 'does not run' : `says ${refused}`}`, hint)
  }
  return last
}

type Configuration = { readonly accelerator: string; readonly system: string; readonly memory: string }

/** What Vela calls this machine. Throws UserError `no-compiler-name`. */
function configurationOf({ name: target, engine, compiler }: Target): Configuration {
  if (engine.kind !== 'ethos-u' || compiler?.family === undefined)
    throw new UserError('no-compiler-name', `target ${target} does not say what vela calls its machine`, {
      found: `engine ${engine.kind}, compiler.family ${compiler?.family ?? 'absent'}`,
      expected: 'engine ethos-u and compiler.family, such as ethos-u55',
    })
  const { systemConfig: system, memoryMode: memory } = engine.defaults
  return { accelerator: `${compiler.family}-${engine.accelerator.macsPerCycle}`, system, memory }
}

const argumentsOf = ({ accelerator, system, memory }: Configuration, model: string, folder: string): string[] => [
  ...[model, '--accelerator-config', accelerator, '--config', 'Arm/vela.ini', '--system-config', system, '--memory-mode', memory],
  ...['--output-dir', folder, '--verbose-performance'],
]

type Unknown = (lacks: string, seen: string) => Error

function numberIn(row: Row, column: string, unknown: Unknown): number {
  const cell = row[column]
  const value = Number(cell)
  if (cell === undefined || cell === '' || !Number.isFinite(value)) throw unknown(`no number under ${column}`, JSON.stringify(row))
  return value
}

function layerOf(row: Row, unknown: Unknown): CompiledLayer {
  const [name, op, target] = [row.Name, row['Original Operator'], row.Target]
  if (name === undefined || op === undefined || (target !== 'NPU' && target !== 'CPU'))
    throw unknown('a layer has no name, operator or target', JSON.stringify(row))
  return { name, op, cycles: numberIn(row, 'Op Cycles', unknown), place: target === 'CPU' ? 'cpu' : 'accelerator' }
}

type Read = { readonly summary: Row; readonly layers: readonly CompiledLayer[]; readonly stdout: string; readonly unknown: Unknown }

function resultOf({ summary, layers, stdout, unknown }: Read): Omit<Compiled, 'version' | 'outputBytes' | 'configuration' | 'findings'> {
  const count = (place: string): number => {
    const said = new RegExp(`^${place} operators = (\\d+) `, 'm').exec(stdout)?.[1]
    if (said === undefined) throw unknown(`no line "${place} operators ="`, stdout)
    return Number(said)
  }
  const clockHz = numberIn(summary, 'core_clock', unknown)
  const totalCycles = numberIn(summary, 'cycles_total', unknown)
  return {
    compiler: name,
    totalCycles,
    clockHz,
    latencyMs: (totalCycles / clockHz) * 1000,
    layers,
    cpuOperators: count('CPU'),
    acceleratorOperators: count('NPU'),
    // Feature maps, and what is staged for speed: in every memory mode of Vela's own configurations they share the SRAM, alone.
    arenaBytes: Math.round(numberIn(summary, 'sram_memory_used', unknown) * 1024),
    weightBytes: numberIn(summary, 'total_npu_encoded_weights', unknown),
  }
}
