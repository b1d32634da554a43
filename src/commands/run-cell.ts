/** One cell of an experiment: the pipeline up to the int8 accuracy, in the cell's own run folder. */
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Cell } from '../config/cells.ts'
import { parseProject } from '../config/load.ts'
import type { Project } from '../config/schema.ts'
import { UserError } from '../errors.ts'
import { type DeployOptions, deploy } from '../pipeline.ts'
import type { CellResult } from '../report/experiment/define.ts'
import { scoreOf } from '../report/score-words.ts'
import { forgetCell, type KeptCell, readCell, writeCell } from '../runs/cell-file.ts'
import { version } from '../version.ts'

type Options = Pick<DeployOptions, 'target' | 'threads' | 'progress' | 'signal'> & { readonly out: string }

/** What the result depends on, without the data's bytes: those are compared when tables are made. */
function settingsOf(project: Project): unknown {
  const { gates: _, train, ...rest } = project
  const { threads: __, ...recipe } = train
  return JSON.parse(JSON.stringify({ ...rest, train: recipe }))
}

/** A key that a newer Peapod has by default says nothing against a cell that is older than the key. */
function isOf(cell: Cell, { project, peapod }: KeptCell): boolean {
  if (peapod !== version) return false
  try {
    return isDeepStrictEqual(settingsOf(parseProject(project, cell.folder)), settingsOf(cell.project))
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}

/** From any of the folders, the first that has it, made with these settings by this version. */
export async function findCell(cell: Cell, folders: readonly string[]): Promise<CellResult | undefined> {
  for (const folder of folders) {
    const found = await readCell(join(folder, cell.folder))
    if (found && isOf(cell, found)) return found.result
  }
  return undefined
}

/** A training that diverges, or a network without an int8 form, is a result; every other error is thrown. */
export async function runCell(cell: Cell, { out, target, ...world }: Options): Promise<CellResult> {
  const { folder, project, ...facts } = cell
  const options = { project, target, out: join(out, folder), ...world }
  await forgetCell(options.out)
  let result: CellResult
  try {
    result = { ...facts, ...(await measured(options)) }
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'training-diverged') throw error
    const data = digestsOf(await deploy({ ...options, until: 'data' }))
    result = { ...facts, float: null, int8: null, samples: 0, bestEpoch: null, trainingMs: 0, data, failure: error.message }
  }
  await writeCell(options.out, result)
  return result
}

async function measured(options: DeployOptions) {
  try {
    return figuresOf(await deploy({ ...options, until: 'execute' }))
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'no-tflite-form') throw error
    return { ...figuresOf(await deploy({ ...options, until: 'train' })), without: error.message }
  }
}

type State = Awaited<ReturnType<typeof deploy>>

const digestsOf = ({ data }: State) => Object.fromEntries(Object.entries(data!.set.splits).map(([name, { digest }]) => [name, digest]))

function figuresOf(state: State) {
  const { float, history } = state.trained!
  return {
    float: scoreOf(float),
    int8: state.executed ? scoreOf(state.executed.int8) : null,
    samples: float.samples,
    bestEpoch: history.bestEpoch,
    trainingMs: history.durationMs,
    data: digestsOf(state),
  }
}
