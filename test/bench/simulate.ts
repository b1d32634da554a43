/** Estimates of 13 configurations of one model in one process, beside as many Vela processes where Vela is (PEAPOD_VELA names its program). */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readTflite } from '../../src/formats/tflite/read.ts'
import { writeTflite } from '../../src/formats/tflite/write.ts'
import { loadTarget } from '../../src/target/profiles/load.ts'
import { simulate, simulateAll } from '../../src/target/simulate/simulate.ts'
import { mobilenetInt8 } from '../samples/mobilenet-int8.ts'

const configurations: readonly (readonly [family: string, macs: readonly number[], systemConfig: string, memoryMode: string])[] = [
  ['ethos-u55', [32, 64, 128, 256], 'Ethos_U55_High_End_Embedded', 'Shared_Sram'],
  ['ethos-u65', [256, 512], 'Ethos_U65_High_End', 'Dedicated_Sram'],
  ['ethos-u85', [128, 256, 512, 1024, 2048], 'Ethos_U85_SYS_DRAM_Mid', 'Dedicated_Sram_384KB'],
  ['ethos-u55', [128, 256], 'Ethos_U55_Deep_Embedded', 'Shared_Sram'],
]
const all = configurations.flatMap(([family, macs, systemConfig, memoryMode]) =>
  macs.map((count) => ({ name: `${family}-${count}`, systemConfig, memoryMode })),
)
const say = (line: string) => process.stdout.write(`${line}\n`)
const timed = <T>(work: () => T): readonly [ms: number, result: T] => {
  const from = performance.now()
  const result = work()
  return [performance.now() - from, result]
}
const bytes = writeTflite(mobilenetInt8())

/** As a process that does nothing else: what a child of this file runs. */
if (process.argv[2] === 'child') {
  const graph = readTflite(bytes)
  for (const { name, ...options } of all) simulate(graph, loadTarget(name), options)
  process.exit(0)
}

const [child, { status }] = timed(() => spawnSync(process.execPath, [fileURLToPath(import.meta.url), 'child']))
if (status !== 0) throw new Error('the child failed')
say(`${all.length} configurations in one process, Node's start included: ${child.toFixed(0)} ms`)

const targets = all.map(({ name }) => loadTarget(name))
/** Medians of 15 calls: by the clock, and of the processor's time, which a busy machine changes less. */
function median(work: () => unknown): string {
  const middle = (each: readonly number[]) => each.toSorted((a, b) => a - b)[7]!.toFixed(1)
  const calls = Array.from({ length: 15 }, () => {
    const before = process.cpuUsage()
    const [ms] = timed(work)
    const { user, system } = process.cpuUsage(before)
    return { ms, cpu: (user + system) / 1000 }
  })
  return `${middle(calls.map(({ ms }) => ms))} ms (${middle(calls.map(({ cpu }) => cpu))} ms of processor time)`
}
// A new graph each time, so that nothing of it is remembered, and one that is.
const kept = readTflite(bytes)
for (const target of [targets[2]!, targets[5]!, targets[7]!])
  say(
    `${target.name} warm: ${median(() => simulate(readTflite(bytes), target))}, the file read anew; ${median(() => simulate(kept, target))} again`,
  )
say(`all warm, each with its defaults: ${median(() => simulateAll(readTflite(bytes), targets))}`)

const vela = process.env.PEAPOD_VELA ?? 'vela'
if (spawnSync(vela, ['--version']).status !== 0) say('Vela: skipped, it is not installed (PEAPOD_VELA names its program)')
else {
  const folder = mkdtempSync(join(tmpdir(), 'peapod-bench-'))
  const file = join(folder, 'm.tflite')
  writeFileSync(file, bytes)
  const [ms] = timed(() => {
    for (const { name, systemConfig, memoryMode } of all) {
      const words = ['--accelerator-config', name, '--config', 'Arm/vela.ini', '--system-config', systemConfig, '--memory-mode', memoryMode]
      const { status, stderr } = spawnSync(vela, [...words, '--output-dir', folder, file], { encoding: 'utf8' })
      if (status !== 0) throw new Error(`Vela failed for ${name}: ${stderr.slice(-400)}`)
    }
  })
  rmSync(folder, { recursive: true })
  say(`${all.length} Vela processes, one after the other: ${ms.toFixed(0)} ms, ${(ms / child).toFixed(1)} x ours`)
}
