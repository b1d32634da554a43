/** The vendors' compilers: what they print is read, and whatever goes wrong with them is said. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { writeTflite } from '../src/formats/tflite/write.ts'
import type { Graph } from '../src/graph/ir/graph.ts'
import { check } from '../src/target/check/check.ts'
import { readCsv } from '../src/target/compilers/csv.ts'
import { type Compilation, type CompileOptions, isFound } from '../src/target/compilers/define.ts'
import { compilers, findCompiler, requireCompiler } from '../src/target/compilers/find-compiler.ts'
import { placementFinding } from '../src/target/compilers/placement-finding.ts'
import { versionFindings } from '../src/target/compilers/version-findings.ts'
import { loadTarget } from '../src/target/profiles/load.ts'
import type { Target } from '../src/target/profiles/schema.ts'
import { simulate } from '../src/target/simulate/simulate.ts'
import { mobilenetInt8 } from './samples/mobilenet-int8.ts'
import { edgetpuLog, type Fake, fakeCompiler, velaFiles, velaStdout } from './support/fake-compiler.ts'
import { indices, map, oneNode } from './support/small-graph.ts'

const folder = mkdtempSync(join(tmpdir(), 'peapod-compilers-'))
afterAll(() => rmSync(folder, { recursive: true }))

const npu = loadTarget('ethos-u55-128')
const coral: Target = { ...npu, compiler: { ...npu.compiler!, name: 'edgetpu', versions: ['16.0.384591198'] } }
const model = new Uint8Array([1, 2, 3])
let count = 0

async function compileWith(target: Target, fake: Fake, options: CompileOptions = { timeoutMs: 20_000 }): Promise<Compilation> {
  const found = await findCompiler(target, fakeCompiler(folder, `fake-${count++}`, fake))
  if (!found || !('compiler' in found)) throw new Error(`not found: ${found?.what}`)
  return found.compiler.compile(found, model, target, options)
}
const good: Fake = { version: '5.2.0', stdout: velaStdout, files: velaFiles }

describe('vela', () => {
  test('its summary, layers and CPU operators are read, by header, for the target’s own configuration', async () => {
    const { result, bytes } = await compileWith(npu, good)
    expect(result).toMatchObject({ compiler: 'vela', version: '5.2.0', totalCycles: 353931, latencyMs: 0.707862, arenaBytes: 74480 })
    expect(result).toMatchObject({ cpuOperators: 1, acceleratorOperators: 2, weightBytes: 205200, outputBytes: 8, findings: [] })
    expect(result.layers).toEqual([
      { name: 'a,b', op: 'Conv2D', cycles: 15121, place: 'accelerator' },
      { name: 'a,b', op: 'Conv2D', cycles: 0, place: 'accelerator' },
      { name: 'y', op: 'Mean', cycles: 0, place: 'cpu' },
    ])
    expect(Buffer.from(bytes).toString()).toBe('compiled')
    const words = JSON.parse(readFileSync(join(folder, 'arguments.json'), 'utf8')) as string[]
    expect(words.join(' ')).toContain(
      '--accelerator-config ethos-u55-128 --config Arm/vela.ini --system-config Ethos_U55_High_End_Embedded --memory-mode Shared_Sram',
    )
  })

  test('another version is a finding', async () => {
    const { result } = await compileWith(npu, { ...good, version: '3.10.0' })
    expect(result.findings).toMatchObject([{ code: 'compiler-version', severity: 'warning', found: 'vela 3.10.0' }])
    const line = { ...npu, compiler: { ...npu.compiler!, versions: ['3.10'] } }
    expect(versionFindings(line, '3.10.0')).toEqual([])
    expect(versionFindings(line, '3.100.0')).toHaveLength(1)
  })

  test.each<[string, Fake, string, string]>([
    ['an exit code', { ...good, exitCode: 1, stderr: 'Traceback\nRuntimeError: no' }, 'compiler-failed', 'RuntimeError: no'],
    ['no count of CPU operators', { ...good, stdout: 'all is well' }, 'compiler-unknown-output', 'all is well'],
    ['no files', { ...good, files: {} }, 'compiler-unknown-output', 'Network summary'],
    [
      'no compiled file',
      { ...good, files: { ...velaFiles, 'model_vela.tflite': undefined! } },
      'compiler-unknown-output',
      'Network summary',
    ],
    [
      'a summary without cycles',
      { ...good, files: { ...velaFiles, 'model_summary_Ethos_U55_High_End_Embedded.csv': 'network\nmodel\n' } },
      'compiler-unknown-output',
      'model',
    ],
    [
      'a target that we do not know',
      { ...good, files: { ...velaFiles, 'model_per-layer.csv': 'Original Operator,Target,Op Cycles,Name\nConv2D,GPU,1,y' } },
      'compiler-unknown-output',
      'GPU',
    ],
    [
      'cycles that are no number',
      { ...good, files: { ...velaFiles, 'model_per-layer.csv': 'Original Operator,Target,Op Cycles,Name\nConv2D,NPU,many,y' } },
      'compiler-unknown-output',
      'many',
    ],
  ])('%s is an error of the device', async (_, fake, code, found) => {
    await expect(compileWith(npu, fake)).rejects.toMatchObject({ code, exitCode: 3, found: expect.stringContaining(found) })
  })

  test('one that hangs is ended', async () => {
    await expect(compileWith(npu, { ...good, hangs: true }, { timeoutMs: 700 })).rejects.toMatchObject({
      code: 'compiler-timeout',
      exitCode: 3,
    })
  })

  test('another program of its name is not taken for it', async () => {
    const other = fakeCompiler(folder, 'kube', { version: 'KubeVela v1.9' })
    const found = await findCompiler(npu, other)
    expect(found).toMatchObject({ what: expect.stringContaining('KubeVela v1.9') })
    await expect(requireCompiler(npu, other)).rejects.toMatchObject({ code: 'compiler-missing', exitCode: 3 })
  })

  test('one that is not there, or no program', async () => {
    expect(await findCompiler(npu, '/nowhere/vela')).toMatchObject({ what: expect.stringContaining('/nowhere/vela does not run') })
    expect(await findCompiler(npu, process.execPath)).toMatchObject({ what: expect.stringContaining('is not installed') })
    expect(await findCompiler(npu, 'none')).toBeUndefined()
    await expect(findCompiler(npu, '--help')).rejects.toMatchObject({ code: 'bad-compiler', exitCode: 2 })
    await expect(requireCompiler(npu, 'auto')).resolves.toBeUndefined()
  })

  test('a profile that does not say what it calls the machine', async () => {
    const { family: _, ...compiler } = npu.compiler!
    await expect(compileWith({ ...npu, compiler }, good)).rejects.toMatchObject({ code: 'no-compiler-name', exitCode: 2 })
  })
})

describe('edgetpu_compiler', () => {
  const log: Fake = {
    version: 'Edge TPU Compiler version 16.0.384591198',
    stdout: edgetpuLog,
    files: { 'model_edgetpu.tflite': 'coral' },
    folderOption: '--out_dir',
  }
  test('its log is read: counts, memory, and why operators were not mapped', async () => {
    const { result } = await compileWith(coral, log)
    expect(result).toMatchObject({
      compiler: 'edgetpu',
      cpuOperators: 3,
      acceleratorOperators: 5,
      weightBytes: 1572864 + 512,
      outputBytes: 5,
    })
    expect(result.totalCycles).toBeUndefined()
    expect(result.findings.map((f) => f.found)).toEqual([
      '2 x LOGISTIC: More than one subgraph is not supported',
      '1 x MEAN: Operation not supported',
    ])
  })

  test.each([
    ['a table that does not add up', edgetpuLog.replace('operations: 8', 'operations: 9')],
    ['no total', edgetpuLog.replace('Total number', 'Number')],
    ['no memory', edgetpuLog.replace('On-chip memory used', 'Memory')],
  ])('%s is not understood', async (_, stdout) => {
    await expect(compileWith(coral, { ...log, stdout })).rejects.toMatchObject({ code: 'compiler-unknown-output', exitCode: 3 })
  })
})

test('every compiler says how to get it', () => {
  for (const { says, hint } of compilers) expect([says, hint].every((s) => s.length > 10)).toBe(true)
})

test('CSV: quotes, empty cells, short rows', () => {
  expect(readCsv('a,b,c\n"x, ""y""",,3\n1\n')).toEqual([{ a: 'x, "y"', b: '', c: '3' }, { a: '1' }])
})

const installed = await findCompiler(npu, process.env.PEAPOD_VELA ?? 'auto')
const there = installed !== undefined && 'compiler' in installed && isFound(installed)
if (!there) console.log('skipped: what the real Vela says, since it is not installed (PEAPOD_VELA names its program)')

const longMean = oneNode('mean', { keepDims: false }, [map('x', [1, 5000, 1, 8]), indices('a', [1, 2])], map('y', [1, 8]))

test.skipIf(!there).each<[string, () => Graph<'quantised'>, number]>([
  ['a network', mobilenetInt8, 0],
  ['a mean that is too long', () => longMean, 1],
])('the real Vela and we agree on %s', async (_, make, cpu) => {
  if (!there) return
  const graph = make()
  const { result } = await installed.compiler.compile(installed, writeTflite(graph), npu, { timeoutMs: 60_000 })
  const ours = simulate(graph, npu, { model: result.version.startsWith('5.1') ? 'regor-5.1' : 'regor-5.2' })
  expect(result.cpuOperators).toBe(cpu)
  expect(placementFinding(check(graph, npu), result)).toEqual([])
  if (cpu === 0) {
    expect(Math.abs(ours.totalCycles / result.totalCycles! - 1)).toBeLessThan(0.03)
    expect(ours.arenaBytes).toBe(result.arenaBytes)
  }
})
