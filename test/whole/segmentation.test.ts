/** The whole flow of a network that answers pixels: a small ERFNet on drawn scenes, through the command line. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PixelScore } from '../../src/execute/segment-score.ts'
import { writeTflite } from '../../src/formats/tflite/write.ts'
import { foldGraph } from '../../src/graph/passes/fold-graph.ts'
import { stripGraph } from '../../src/graph/passes/strip-graph.ts'
import type { Report } from '../../src/report/define.ts'
import { openFinishedRun } from '../../src/stages/finished-run.ts'
import { runCli } from '../support/run-cli.ts'
import { sceneClasses, writeSmallScenes } from '../support/small-scenes.ts'

let folder: string
let data: string
let out: string
let report: Report
let text: string
const settings = [
  'network.use=erfnet',
  'network.options.width=0.25',
  'network.options.dropout=0',
  'network.options.earlyDropout=0',
  'train.recipe=cityscapes',
  'train.epochs=6',
  'train.threads=1',
  'train.batchSize=4',
  'train.rate=0.01',
  'train.optimiser.name=adam',
  'pea.to=0.5',
  'quantise.calibration=8',
  'gates.int8MeanIou.atLeast=0.3',
  // No accuracy to speak of comes from so little.
  'gates.int8Accuracy=null',
  'gates.accuracyDrop=null',
  'gates.meanIouDrop.atMost=0.1',
]
const sets = settings.flatMap((s) => ['--set', s])

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peapod-scenes-'))
  data = await writeSmallScenes(join(folder, 'scenes'))
  out = join(folder, 'run')
  const done = await runCli('deploy', '--target', 'ethos-u85-512', '--data', data, '--out', out, ...sets)
  text = done.out
  expect(done.err).toContain('mean IoU')
  report = JSON.parse(await readFile(join(out, 'report.json'), 'utf8'))
  expect(done.code, text.slice(0, 1500)).toBe(0)
}, 300_000)

afterAll(() => rm(folder, { recursive: true }))

test('every stage ran, and the gates are on mean IoU, in float, in int8 and of their difference', () => {
  const { float, int8, verdict, check, runs } = report
  expect(int8.meanIou!).toBeGreaterThan(0.3)
  expect(int8.iou).toHaveLength(sceneClasses.length)
  expect(Math.abs(float.meanIou! - int8.meanIou!)).toBeLessThan(0.1)
  // Padded and unlabelled pixels do not count.
  expect(int8.pixels).toBeLessThan(6 * 24 * 30)
  expect(int8.confusion.flat().reduce((a, b) => a + b, 0)).toBe(int8.pixels)
  expect(verdict.judgements.find((j) => j.metric === 'meanIouDrop')).toMatchObject({ outcome: 'pass', limit: { atMost: 0.1 } })
  expect(verdict.judgements.find((j) => j.metric === 'int8MeanIou')).toMatchObject({ outcome: 'pass', value: int8.meanIou })
  expect(check.findings).toEqual([])
  const worst = report.worst as unknown as { sample: number; meanIou: number }[]
  expect(worst.length).toBe(4)
  expect(worst[0]!.meanIou).toBeLessThanOrEqual(int8.meanIou!)
  const [low, high] = report.noise!.int8MeanIou!
  expect([low <= int8.meanIou!, high >= int8.meanIou!, high - low > 0.001]).toEqual([true, true, true])
  expect(runs[0]!.agreement).toMatchObject({ agreement: 1, bitEqual: 1, maxDifference: 0, samples: 6, meanIou: int8.meanIou })
})

test('the report names the classes, and shows predictions beside the truth', async () => {
  expect(text).toMatch(/mean IoU {3}float \d/)
  for (const name of sceneClasses) expect(text).toContain(name)
  const page = await readFile(join(out, 'report.html'), 'utf8')
  const picture = await readFile(join(out, 'execute', 'worst.png'))
  expect(page).toContain(`src="data:image/png;base64,${picture.toString('base64')}"`)
  expect(page).toContain('Intersection over union by class')
  expect(page.length).toBeLessThan(1.5e6)
  const { width, height } = await sharp(picture).metadata()
  expect([width! > 3 * 32, height! > 4 * 24]).toEqual([true, true])
  expect(await readdir(join(out, 'execute'))).not.toContain('outputs.bin')
})

test('evaluate, verify and quantise take the same data', async () => {
  const file = join(out, 'model.tflite')
  const evaluated = await runCli('evaluate', file, '--data', data, '--json')
  expect(JSON.parse(evaluated.out)).toMatchObject({ samples: 6, meanIou: report.int8.meanIou, iou: report.int8.iou })
  const verified = await runCli('verify', file, '--data', data, '--runner', 'simulator:', '--limit', '2', '--json')
  expect(JSON.parse(verified.out)).toMatchObject({ agreement: 1, samples: 2, firstDifference: null })
  const float = join(folder, 'float.tflite')
  const { float: imported } = await openFinishedRun(out)
  await writeFile(float, writeTflite(foldGraph(stripGraph(imported)) as never))
  const preprocess = join(out, 'data', 'preprocess.json')
  const words = ['--data', data, '--preprocess', preprocess, '--calibration', '4', '--limit', '3', '--no-refine', '--method', 'min-max']
  const made = await runCli('quantise', float, '--out', join(folder, 'again.tflite'), ...words, '--json')
  const said = JSON.parse(made.out) as { agreement: number; samples: number; float: PixelScore; int8: PixelScore }
  expect(said).toMatchObject({ samples: 3, float: { samples: 3, iou: expect.any(Array) } })
  expect(said.agreement).toBeGreaterThan(0.9)
  expect(Math.abs(said.float.meanIou - said.int8.meanIou)).toBeLessThan(0.1)
})

test('a network of the other kind stops before training', async () => {
  const words = ['deploy', '--target', 'ethos-u85-512', '--out', join(folder, 'never')]
  const without = await runCli(...words, '--data', data)
  expect(without).toMatchObject({ code: 2, err: expect.stringMatching(/answers-images[\s\S]*network\.use=erfnet/) })
  const pixels = await runCli(...words, '--data', 'roadsigns', '--set', 'network.use=erfnet', '--set', 'data.limit=40')
  expect(pixels).toMatchObject({ code: 2, err: expect.stringContaining('answers-pixels') })
  const file = join(out, 'model.tflite')
  expect(await runCli('evaluate', file, '--data', 'roadsigns', '--limit', '20')).toMatchObject({
    code: 2,
    err: expect.stringContaining('answers-pixels'),
  })
})
