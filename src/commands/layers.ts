/** `peapod inspect M --layers`: what quantisation costs each layer, and which one loses first. */
import { stat } from 'node:fs/promises'
import { UserError } from '../errors.ts'
import { readFloat } from '../formats/read-float.ts'
import { readTflite } from '../formats/tflite/read.ts'
import { type Graph, size } from '../graph/ir/graph.ts'
import { foldGraph } from '../graph/passes/fold-graph.ts'
import { stripGraph } from '../graph/passes/strip-graph.ts'
import { flagsOf, type LayerError, layerError } from '../quantise/layer-error.ts'
import { type Exponents, equalise, equalisedKey } from '../quantise/refine/equalise.ts'
import { type Sensitivity, sensitivity } from '../quantise/sensitivity.ts'
import { table } from '../report/writers/text.ts'
import { percent } from '../report/writers/words.ts'
import { openFinishedRun } from '../stages/finished-run.ts'
import { floatInputs } from '../stages/inputs.ts'
import { type DataOptions, openSplit, preprocessOf } from './data-options.ts'
import { readQuantised } from './model-file.ts'

export type LayersOptions = Omit<DataOptions, 'data'> & { data?: string; float?: string; sensitivity?: true }

export type LayerRow = LayerError & { readonly flags: string[]; readonly alone?: Pick<Sensitivity, 'sqnrDb' | 'accuracy'> }

/** Enough for two digits of each figure. */
const compared = '16'

type Pair = { readonly float: Graph<'imported'>; readonly int8: Graph<'quantised'>; readonly source?: string }

/** `path` is a run folder, or an int8 .tflite whose float model `--float` names. Throws UserErrors `no-float`, `no-data` and `other-network`. */
export async function inspectLayers(path: string, options: LayersOptions): Promise<LayerRow[]> {
  const { float, int8, source } = await pairOf(path, options.float)
  const data = options.data ?? source
  if (data === undefined) throw new UserError('no-data', '--layers compares on images', { expected: '--data with a folder, or roadsigns' })
  const folded = foldGraph(stripGraph(float))
  const exponents = int8.metadata[equalisedKey]
  const exact = exponents ? equalise(folded, JSON.parse(exponents) as Exponents) : folded
  const preprocess = await preprocessOf(int8, options.preprocess)
  const { split, count } = await openSplit({ ...options, data, limit: options.limit ?? compared })
  const indices = Uint32Array.from({ length: count }, (_, i) => i)
  const images = Array.from(floatInputs(split, preprocess, indices), (image) => image.slice())
  const errors = layerError(exact, int8, images)
  if (!errors.length)
    throw new UserError('other-network', 'the two models share no tensor by name', {
      expected: 'the float model that this int8 file was made of',
      hint: 'tensors are paired by name, which only Peapod’s own files keep',
    })
  const classes = size(exact.tensors[exact.outputs[0]!]!.shape)
  const labels = split.labels.subarray(0, count)
  const known = labels.every((label) => label < classes) ? labels : undefined
  const alone = new Map((options.sensitivity ? sensitivity(exact, int8, images, known) : []).map((one) => [one.name, one]))
  return errors.map((error) => {
    const { sqnrDb, accuracy } = alone.get(error.name) ?? {}
    const row = { ...error, flags: flagsOf(error) }
    return sqnrDb === undefined ? row : { ...row, alone: { sqnrDb, ...(accuracy !== undefined && { accuracy }) } }
  })
}

async function pairOf(path: string, float: string | undefined): Promise<Pair> {
  if ((await stat(path).catch(() => undefined))?.isDirectory()) {
    const run = await openFinishedRun(path)
    return { float: run.float, int8: readTflite(run.bytes) as Graph<'quantised'>, source: run.source }
  }
  if (float === undefined)
    throw new UserError('no-float', '--layers compares with the float model', {
      expected: '--float MODEL, or a run folder in place of the file',
    })
  return { float: await readFloat(float), int8: (await readQuantised(path)).graph }
}

/** A table for a person; its last line names the first layer that loses. */
export function layersText(errors: readonly LayerRow[]): string {
  const rows = errors.map(({ name, op, maxError, maxSteps, meanError, l2Relative, cosine, sqnrDb, flags, alone }) => [
    ...[name, op, maxError.toPrecision(3), maxSteps.toFixed(1), meanError.toPrecision(3), l2Relative.toFixed(4), cosine.toFixed(5)],
    decibels(sqnrDb),
    ...(alone ? [decibels(alone.sqnrDb), alone.accuracy === undefined ? '' : percent(alone.accuracy, 1)] : []),
    flags.join(', '),
  ])
  const head = [
    'layer',
    'op',
    'max',
    'steps',
    'mean',
    'L2',
    'cosine',
    'SQNR dB',
    ...(errors[0]?.alone ? ['alone dB', 'alone acc.'] : []),
    '',
  ]
  const first = errors.find(({ flags }) => flags.length)
  return [
    ...table(head, rows),
    '',
    first ? `The first layer that loses is ${first.name} (${first.op}): ${first.flags.join(', ')}.` : 'No layer breaks a limit.',
    '',
  ].join('\n')
}

const decibels = (db: number): string => (Number.isFinite(db) ? db.toFixed(1) : '∞')
