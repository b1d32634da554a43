/** The whole flow on a small data folder: resumed, redone, on one thread and on two, through the command line. */
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { loadProject } from '../../src/config/load.ts'
import { prepareExecutor } from '../../src/execute/execute.ts'
import { readTflite } from '../../src/formats/tflite/read.ts'
import { readNpy } from '../../src/npy.ts'
import { type DeployOptions, deploy } from '../../src/pipeline.ts'
import { loadTarget } from '../../src/target/profiles/load.ts'
import { fakeCompiler, velaFiles, velaStdout } from '../support/fake-compiler.ts'
import { runCli } from '../support/run-cli.ts'
import { writeSmallSigns } from '../support/small-signs.ts'

let folder: string
let data: string
/** No accuracy to speak of comes from so little: the gates on it are lifted. */
const settings = [
  'train.epochs=3',
  'train.batchSize=16',
  'network.options.width=0.125',
  'quantise.calibration=20',
  'gates.int8Accuracy=null',
  'gates.accuracyDrop=null',
]
const silent = { stage: () => {}, note: () => {}, bar: () => {}, end: () => {} }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peapod-whole-'))
  data = await writeSmallSigns(join(folder, 'signs'))
}, 60_000)

async function run(out: string, more: Partial<DeployOptions> = {}) {
  const project = await loadProject(undefined, [...settings, `data.source=${data}`])
  const options = {
    project,
    target: loadTarget('ethos-u55-128'),
    out: join(folder, out),
    threads: 1,
    progress: silent,
    signal: new AbortController().signal,
  }
  return deploy({ ...options, ...more })
}
const model = (out: string) => readFile(join(folder, out, 'model.tflite'))

test('one thread and two give the same bytes', async () => {
  await run('one')
  await run('two', { threads: 2 })
  expect(Buffer.compare(await model('one'), await model('two'))).toBe(0)
})

test('an interrupted training goes on to the same bytes', async () => {
  const interrupt = new AbortController()
  let steps = 0
  const progress = { ...silent, bar: () => void (++steps === 10 && interrupt.abort()) }
  await expect(run('resumed', { progress, signal: interrupt.signal })).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 })
  expect(await readdir(join(folder, 'resumed', 'train'))).toEqual(['unfinished.bin'])
  const notes: string[] = []
  await run('resumed', { progress: { ...silent, note: (text) => void notes.push(text) } })
  expect(notes).toContain('going on from the checkpoint')
  expect(Buffer.compare(await model('one'), await model('resumed'))).toBe(0)
})

test('what is up to date is kept; a deleted file is made again, and what follows', async () => {
  await cp(join(folder, 'one'), join(folder, 'again'), { recursive: true })
  const made: string[] = []
  const progress = { ...silent, stage: (name: string, says: string) => void (says.includes('kept') || made.push(name)) }
  await run('again', { progress })
  expect(made).toEqual([])
  await rm(join(folder, 'again', 'check', 'check.json'))
  await run('again', { progress })
  expect(made).toEqual(['check', 'simulate', 'compile', 'execute', 'verify'])
  made.length = 0
  await run('again', { progress, from: 'verify' })
  expect(made).toEqual(['verify'])
  expect(Buffer.compare(await model('one'), await model('again'))).toBe(0)
})

test('the command line gives verdict, report, JUnit and manifest', async () => {
  const sets = settings.flatMap((s) => ['--set', s])
  const words = ['deploy', '--target', 'ethos-u55-128', '--data', data, '--out', join(folder, 'one'), ...sets]
  const passed = await runCli(...words, '--json')
  const report = JSON.parse(passed.out)
  expect(passed.code).toBe(0)
  expect(report).toMatchObject({
    target: 'ethos-u55-128',
    verdict: { outcome: 'pass' },
    int8: { samples: 40 },
    runs: [{ agreement: { bitEqual: 1 } }],
  })
  const manifest = JSON.parse(await readFile(join(folder, 'one', 'manifest.json'), 'utf8'))
  expect(manifest.files['model.tflite']).toBe(report.model.sha256)
  expect(Object.keys(manifest.files)).toEqual(
    expect.arrayContaining(['config.json', 'report.json', 'junit.xml', 'train/weights.bin', 'data/contact-sheet.png']),
  )
  const failed = await runCli(...words, '--set', 'gates.latencyMs.atMost=0.0001')
  expect(failed.code).toBe(1)
  expect(failed.out).toMatch(/^\nFAIL/)
  expect(await readFile(join(folder, 'one', 'junit.xml'), 'utf8')).toContain('failures="1"')
})

test('a compiler that came since the last run is used, its figures judged, and a named one that is missing stops before training', async () => {
  const out = join(folder, 'compiled')
  await cp(join(folder, 'one'), out, { recursive: true })
  const program = fakeCompiler(folder, 'vela', { version: '5.2.0', stdout: velaStdout, files: velaFiles })
  const project = async (compiler: string) =>
    loadProject(undefined, [...settings, `data.source=${data}`, `compiler=${compiler}`, 'gates.compiledCpuOperators.atMost=0'])
  const made: string[] = []
  const progress = { ...silent, stage: (name: string, says: string) => void (says.includes('kept') || made.push(name)) }
  const none = await run('compiled', { project: await project('none'), progress })
  expect(none.report!.verdict.judgements.find((j) => j.metric === 'compiledCpuOperators')).toMatchObject({ outcome: 'fail', value: null })
  expect(await readFile(join(out, 'report.txt'), 'utf8')).toContain('not compiled: compiler is none')
  made.length = 0
  const { report, model: file } = await run('compiled', { project: await project(program), progress })
  expect(made[0]).toBe('compile')
  expect(report).toMatchObject({ compiled: { version: '5.2.0', cpuOperators: 1 }, verdict: { outcome: 'fail' } })
  expect(report!.compiled).toMatchObject({ findings: [{ code: 'placement-differs' }] })
  expect(await readFile(join(out, 'compiled.tflite'), 'utf8')).toBe('compiled')
  expect(file!.bytes.length).toBeGreaterThan(1000)
  await run('compiled', { project: await project('none') })
  expect(await readdir(out)).not.toContain('compiled.tflite')
  await expect(run('never', { project: await project('/nowhere/vela') })).rejects.toMatchObject({ code: 'compiler-missing', exitCode: 3 })
})

test('the file is what the other commands take', async () => {
  const file = join(folder, 'one', 'model.tflite')
  const checked = await runCli('check', file, '--target', 'ethos-u55-128', '--json')
  expect(JSON.parse(checked.out)).toMatchObject({ findings: [], placement: { cpu: 0 } })
  const simulated = await runCli('simulate', file, '--target', 'ethos-u55-256', '--json')
  expect(JSON.parse(simulated.out)).toMatchObject({ target: 'ethos-u55-256', model: 'regor-5.2', totalCycles: expect.any(Number) })
  const evaluated = await runCli('evaluate', file, '--data', data, '--json')
  const report = JSON.parse(await readFile(join(folder, 'one', 'report.json'), 'utf8'))
  expect(JSON.parse(evaluated.out)).toMatchObject({ samples: 40, accuracy: report.int8.accuracy })
  const verified = await runCli('verify', file, '--data', data, '--runner', 'simulator:', '--json')
  expect(JSON.parse(verified.out)).toMatchObject({ agreement: 1, maxDifference: 0, firstDifference: null })
  const measured = await runCli('run', file, '--runs', '3', '--json')
  expect(JSON.parse(measured.out).latency.runs).toBeGreaterThanOrEqual(3)
  expect((await runCli('inspect', file)).out).toContain('softmax')
})

test('execute reads raw and NumPy inputs, and traces each tensor', async () => {
  const file = join(folder, 'one', 'model.tflite')
  const [raw, out, npy, trace] = ['in.bin', 'out.bin', 'out.npy', 'trace.txt'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ]
  await writeFile(raw, new Uint8Array(2 * 3072).fill(7))
  const done = await runCli('execute', file, '--input', raw, '--output', out, '--trace', trace, '--json')
  expect(JSON.parse(done.out)).toMatchObject({ inputs: 2, outputs: 2 })
  const bytes = await readFile(out)
  expect(bytes.length).toBe(2 * 20)
  await runCli('execute', file, '--input', raw, '--output', npy, '--no-fast')
  expect(Buffer.compare((await readFile(npy)).subarray(128), bytes)).toBe(0)
  const lines = (await readFile(trace, 'utf8')).trim().split('\n')
  expect(lines.length).toBe(32)
  for (const line of lines) expect(line).toMatch(/^\d+\t\S+\t\[[\d,]+\]\t[0-9a-f]{64}$/)
})

test('a network of the user’s own is a module in the project file', async () => {
  const path = join(folder, 'net.mjs')
  const tfl = new URL('../../node_modules/@tensorflow/tfjs-layers/dist/tf-layers.node.js', import.meta.url).href
  await writeFile(
    path,
    `import tfl from '${tfl}'
     export default ({ inputShape, classes, activation }) => tfl.sequential({ layers: [
       tfl.layers.conv2d({ inputShape: [...inputShape], filters: 8, kernelSize: 3, strides: 2, padding: 'same' }), activation('act'),
       tfl.layers.globalAveragePooling2d({}), tfl.layers.dense({ units: classes, activation: 'softmax' }) ] })`,
  )
  const project = await loadProject(undefined, [
    ...settings.filter((s) => !s.startsWith('network')),
    `data.source=${data}`,
    `network.use=${path}`,
  ])
  const { model: made, trained } = await run('own', { project })
  expect(made!.operators).toBeGreaterThanOrEqual(4)
  expect(trained!.history.epochs.length).toBe(3)
})

test('wrong data leaves what a run made untouched', async () => {
  const before = await stat(join(folder, 'one', 'model.tflite'))
  const words = ['deploy', '--target', 'ethos-u55-128', '--out', join(folder, 'one')]
  expect(await runCli(...words, '--data', join(folder, 'nowhere'))).toMatchObject({ code: 2, err: expect.stringContaining('unknown-data') })
  expect((await stat(join(folder, 'one', 'model.tflite'))).mtimeMs).toBe(before.mtimeMs)
  expect((await readdir(join(folder, 'one'))).sort()).toEqual(expect.arrayContaining(['manifest.json', 'model.tflite', 'report.json']))
  expect(await readdir(join(folder, 'one'))).not.toContain('lock')
})

test('inspect compares the layers of a run, and knows how the file was made', async () => {
  const { code, out } = await runCli('inspect', join(folder, 'one'), '--layers', '--limit', '4', '--json')
  expect(code).toBe(0)
  const { layers } = JSON.parse(out) as { layers: { name: string; sqnrDb: number | null }[] }
  expect(layers.at(-1)!.name).toBe('softmax')
  expect(Math.min(...layers.map(({ sqnrDb }) => sqnrDb ?? Number.POSITIVE_INFINITY))).toBeGreaterThan(5)
  const facts = JSON.parse(await readFile(join(folder, 'one', 'quantise', 'quantise.json'), 'utf8'))
  expect(facts.quantisation.steps.map((s: { name: string }) => s.name)).toContain('auto-ranges')
  const lost = await runCli('inspect', join(folder, 'one', 'model.tflite'), '--layers', '--data', data)
  expect(lost).toMatchObject({ code: 2, err: expect.stringContaining('no-float') })
})

test('a machine that quantises by itself is handed the float model, images and options; our int8 figures are emulation', async () => {
  const { report } = await run('float', { target: loadTarget('ti-tda4vm') })
  expect(report!.check.findings.map(({ code }) => code)).not.toContain('float-artefact')
  expect(report!.int8.emulated).toBe(true)
  const at = (name: string) => join(folder, 'float', name)
  const options = JSON.parse(await readFile(at('import.json'), 'utf8'))
  expect(options).toMatchObject({ model: 'model.float.tflite', calibration: 'calibration.npy', options: { tensor_bits: 8 } })
  const { shape, data: inputs } = readNpy(await readFile(at(options.calibration)), options.calibration)
  expect(shape).toEqual([20, 32, 32, 3])
  // The first image, by the float file and by the int8 one that stands in for it.
  const image = Float32Array.from(inputs.slice(0, 3072) as Float32Array)
  const float = readTflite(await readFile(at(options.model)))
  const int8 = readTflite(await model('float'))
  const { scale, zero } = int8.tensors[int8.inputs[0]!]!.quant!
  const scores = prepareExecutor(float).run([image])[0] as Float32Array
  const steps = prepareExecutor(int8).run([Int8Array.from(image, (v) => Math.round(v / scale[0]!) + zero[0]!)])[0] as Int8Array
  expect(Math.max(...scores.map((score, i) => Math.abs(score - (steps[i]! + 128) / 256)))).toBeLessThan(0.15)
  const [name, other] = ['model.float.tflite', 'model.tflite'].map(at) as [string, string]
  expect((await runCli('check', name, '--target', 'ti-tda4vm')).code).toBe(0)
  expect((await runCli('check', other, '--target', 'ti-tda4vm')).out).toContain('float-artefact')
})
