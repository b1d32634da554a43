/** A data set and a preprocessing contract for a command that works on a model file. */
import { readFile } from 'node:fs/promises'
import type { DataSet, Split, SplitName } from '../data/define.ts'
import { splitNames } from '../data/define.ts'
import { openDataSet } from '../data/load.ts'
import { decodePreprocess, type Preprocess, preprocessKey } from '../data/preprocess.ts'
import { limited } from '../data/sample.ts'
import { UserError } from '../errors.ts'
import type { Graph } from '../graph/ir/graph.ts'

export type DataOptions = { data: string; split: string; limit?: string; preprocess?: string; seed: string; skipCorrupt?: true }

export const defaultSplit: SplitName = 'test'

/** The split that the options name, of `opened` where that is open already. */
export async function openSplit(
  { data, split, limit, seed, skipCorrupt }: DataOptions,
  opened?: DataSet,
): Promise<{ split: Split; count: number; classes: readonly string[] }> {
  if (!splitNames.includes(split as SplitName))
    throw new UserError('unknown-split', `there is no split ${split}`, { found: split, expected: splitNames.join(', ') })
  const set = opened ?? (await openDataSet(data, { seed: Number(seed), ...(skipCorrupt && { skipCorrupt }) }))
  const chosen = set.splits[split as SplitName]
  const count = limit === undefined ? chosen.count : Number(limit)
  if (!Number.isInteger(count) || count < 1)
    throw new UserError('bad-option', '--limit wants a whole number of images', { found: String(limit), expected: 'at least 1' })
  const part = limited(chosen, count, Number(seed))
  return { split: part, count: part.count, classes: set.classes }
}

/** The contract in the model's metadata, or the one that the user gives. Throws UserError `no-preprocess`. */
export async function preprocessOf(graph: Graph, given: string | undefined): Promise<Preprocess> {
  const text = given === undefined ? graph.metadata[preprocessKey] : given.trimStart().startsWith('{') ? given : await readText(given)
  if (text !== undefined) return decodePreprocess(text)
  const [, height, width] = graph.tensors[graph.inputs[0]!]!.shape
  throw new UserError('no-preprocess', 'this model does not say how its input is made from an image', {
    found: `no metadata ${preprocessKey}`,
    expected: 'a model that Peapod wrote, or --preprocess',
    hint: `For RGB / 255: --preprocess '${JSON.stringify({ height, width, colour: 'rgb', resize: 'none', scale: 1 / 255, mean: [0, 0, 0], deviation: [1, 1, 1] })}'`,
  })
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new UserError('cannot-read', `cannot read ${path}`, {
      cause,
      hint: '--preprocess takes a JSON object, or the path of a file that holds one.',
    })
  }
}
