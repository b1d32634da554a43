/**
 * Our int8 files beside TFLiteConverter's, of the same float network and calibration images: accuracy by our executor and by TensorFlow's
 * interpreter, McNemar's paired 95 % interval, and the time of each conversion as a whole process.
 * Usage: compare.js PYTHON [--model FILE|RUN]... [--data D] [--images 200] [--seed 1] [--limit N] [--preprocess JSON] [--other M.tflite]
 *        [--reference N]: how many test images, the first ones, TensorFlow's reference kernels and our rounding of them see; all by default.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Split } from '../../../src/data/define.ts'
import { openDataSet } from '../../../src/data/load.ts'
import type { Preprocess } from '../../../src/data/preprocess.ts'
import { limited, sample } from '../../../src/data/sample.ts'
import { executeAll } from '../../../src/execute/pool/execute-all.ts'
import { argmax } from '../../../src/execute/score.ts'
import { readTflite } from '../../../src/formats/tflite/read.ts'
import { stripGraph } from '../../../src/graph/passes/strip-graph.ts'
import { writeWhole } from '../../../src/runs/files.ts'
import { floatInputs, quantisedInputs } from '../../../src/stages/inputs.ts'
import { type FloatModel, openFloatModel } from './float-model.ts'
import { handOver } from './hand-over.ts'
import { paired } from './paired.ts'

const { positionals, values: given } = parseArgs({
  allowPositionals: true,
  options: {
    ...{ model: { type: 'string', multiple: true }, data: { type: 'string' }, images: { type: 'string', default: '200' } },
    ...{ seed: { type: 'string', default: '1' }, limit: { type: 'string' }, preprocess: { type: 'string' }, other: { type: 'string' } },
    reference: { type: 'string' },
  },
})
const python = positionals[0]!
const scratch = 'dist/converter/work'
const say = (line: string) => process.stdout.write(`${line}\n`)
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const tensorflow = (...args: string[]) =>
  execFileSync(python, [here('../../../../../test/bench/converter/converter.py'), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })

type Took = { readonly seconds: number; readonly cpuSeconds: number; readonly says?: readonly string[] }
function timed(run: () => string): Took {
  const from = performance.now()
  const made = JSON.parse(run().trim().split('\n').at(-1)!) as Omit<Took, 'seconds'>
  return { seconds: (performance.now() - from) / 1000, ...made }
}

const shared = '../shared'
/** The networks trained here that are there, and the one that Keras trained. */
function usual(): string[] {
  const runs = existsSync('runs') ? readdirSync('runs').map((name) => `runs/${name}`) : []
  const trained = runs.filter((path) => ['train/weights.bin', 'model.tflite'].every((file) => existsSync(`${path}/${file}`)))
  const foreign = `${shared}/models/gtsrb/mobilenet.h5.gz`
  return [...(existsSync(foreign) ? [foreign] : []), ...trained]
}

async function writeInputs(path: string, split: Split, preprocess: Preprocess, indices: ArrayLike<number>): Promise<void> {
  const inputs = Array.from(floatInputs(split, preprocess, indices), (image) => image.slice())
  const all = new Float32Array(inputs.length * inputs[0]!.length)
  for (const [i, input] of inputs.entries()) all.set(input, i * input.length)
  await writeWhole(path, new Uint8Array(all.buffer))
}

const classesOf = (answers: ArrayLike<number>, count: number): number[] =>
  Array.from({ length: count }, (_, n) => argmax(answers, (n * answers.length) / count, answers.length / count))
const percent = (share: number) => `${(100 * share).toFixed(2)} %`
const share = (right: readonly boolean[]) => right.filter(Boolean).length / right.length

/** What each engine answers for a file, as classes; the engines that only check others see the first `few` images. */
async function answersOf(file: string, split: Split, preprocess: Preprocess, few: number): Promise<Record<string, number[]>> {
  const bytes = new Uint8Array(readFileSync(file))
  const inputs = quantisedInputs(readTflite(bytes), preprocess, split)
  const first = inputs.subarray(0, (inputs.length / split.count) * few)
  const theirs = async (kind: string, given: Int8Array, count: number): Promise<number[]> => {
    await writeWhole(`${scratch}/inputs.bin`, new Uint8Array(given.buffer, given.byteOffset, given.byteLength))
    tensorflow('run', file, `${scratch}/inputs.bin`, `${scratch}/answers.bin`, kind)
    return classesOf(new Int8Array(readFileSync(`${scratch}/answers.bin`)), count)
  }
  const ours = async (rounding: 'tflm' | 'litert', given: Int8Array, count: number) =>
    classesOf(await executeAll(bytes, given, { rounding, threads: 1 }), count)
  const all = { 'our executor': await ours('tflm', inputs, split.count), 'their XNNPACK': await theirs('xnnpack', inputs, split.count) }
  if (!few) return all
  const [rounded, reference] = [await ours('litert', first, few), await theirs('ref', first, few)]
  return { ...all, 'our executor, litert rounding': rounded, 'their reference kernels': reference }
}

async function compare(path: string): Promise<void> {
  const model: FloatModel = await openFloatModel(path, given.preprocess, scratch)
  const source = given.data ?? model.source ?? `${shared}/data/gtsrb`
  const set = await openDataSet(source, { seed: 1 })
  const test = limited(set.splits.test, given.limit === undefined ? set.splits.test.count : Number(given.limit), 1)
  const { preprocess } = model
  const few = Math.min(test.count, Number(given.reference ?? test.count))
  say(
    `\n${path}: ${given.images} calibration images, ${test.count} test images of ${set.name}${test.count < set.splits.test.count ? ', classes equally frequent' : ''}`,
  )
  const indices = sample(set.splits.train, Number(given.images), Number(given.seed))
  await writeInputs(`${scratch}/calibration.f32`, set.splits.train, preprocess, indices)
  await writeInputs(
    `${scratch}/test.f32`,
    test,
    preprocess,
    Uint32Array.from({ length: test.count }, (_, i) => i),
  )
  if (!model.keras) await handOver(stripGraph(model.imported), `${scratch}/network`)
  const theirs = model.keras ?? `${scratch}/network`

  const settings = [path, `${scratch}/calibration.f32`, `${scratch}/ours.tflite`, scratch, ...(given.preprocess ? [given.preprocess] : [])]
  const own = timed(() => execFileSync(process.execPath, [here('own.js'), ...settings], { encoding: 'utf8' }))
  const converter = timed(() => tensorflow('convert', theirs, `${scratch}/calibration.f32`, `${scratch}/theirs.tflite`))
  for (const line of own.says ?? []) say(`  ${line}`)
  for (const [name, { seconds, cpuSeconds }] of Object.entries({ ours: own, TFLiteConverter: converter }))
    say(`  conversion, ${name}: ${seconds.toFixed(1)} s, of it ${cpuSeconds.toFixed(1)} s of CPU, as a whole process`)

  tensorflow('float', theirs, `${scratch}/test.f32`, `${scratch}/float.bin`)
  const float = classesOf(new Float32Array(new Uint8Array(readFileSync(`${scratch}/float.bin`)).buffer), test.count)
  // A network of other classes than the data's has no accuracy: its own float answers are what counts.
  const labelled = model.imported.tensors[model.imported.outputs[0]!]!.shape.at(-1) === set.classes.length
  const truth = labelled ? Array.from(test.labels) : float
  const right = (classes: readonly number[]) => classes.map((k, i) => k === truth[i])
  const seen = ({ length }: readonly number[]) => (length < test.count ? ` of the first ${length}` : '')
  const what = labelled ? 'accuracy' : 'same class as the float network'
  if (labelled) say(`  float: ${percent(share(right(float)))}`)
  const files = {
    ours: `${scratch}/ours.tflite`,
    TFLiteConverter: `${scratch}/theirs.tflite`,
    ...(given.other && { [basename(given.other)]: given.other }),
  }
  const answers = new Map<string, Record<string, number[]>>()
  for (const [name, file] of Object.entries(files)) answers.set(name, await answersOf(file, test, preprocess, few))
  for (const [name, by] of answers)
    for (const [engine, classes] of Object.entries(by))
      say(`  ${what}, ${name} by ${engine}: ${percent(share(right(classes)))}${seen(classes)}`)
  const ours = answers.get('ours')!
  const against: [string, Partial<Record<string, number[]>>][] = [
    ...(labelled ? [['float', { 'our executor': float }] as [string, Record<string, number[]>]] : []),
    ...[...answers].filter(([name]) => name !== 'ours'),
  ]
  for (const [name, by] of against)
    for (const engine of ['our executor', 'their XNNPACK']) {
      const other = by[engine]
      if (!other) continue
      const { difference, low, high, onlyA, onlyB } = paired(right(ours[engine]!), right(other))
      const verdict = high < 0 ? 'WORSE' : low > 0 ? 'better' : 'no difference'
      const interval = [low, high].map((v) => (100 * v).toFixed(2)).join(' to ')
      say(
        `  ours over ${name}, ${engine}: ${(100 * difference).toFixed(2)} points (${interval}; ${onlyA} and ${onlyB} samples alone right): ${verdict}`,
      )
    }
}

mkdirSync(scratch, { recursive: true })
const models = given.model ?? usual()
if (!models.length) say('nothing to convert: give --model a Keras file or the folder of a finished run')
for (const model of models) await compare(model)
