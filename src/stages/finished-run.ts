/** What a run folder holds of a network: its float graph and its int8 file, read without making anything. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadProject } from '../config/load.ts'
import { UserError } from '../errors.ts'
import type { Graph } from '../graph/ir/graph.ts'
import { data as dataStage } from './data.ts'
import { importTrained } from './imported.ts'
import { loadTrained } from './train.ts'

export type FinishedRun = { readonly source: string; readonly float: Graph<'imported'>; readonly bytes: Uint8Array }

/** Throws UserError `not-a-run` where the folder lacks the files of a stage that quantisation needs. */
export async function openFinishedRun(path: string): Promise<FinishedRun> {
  const project = await loadProject(join(path, 'config.json'))
  const [dataFiles, trainFiles] = await Promise.all([filesOf(path, 'data'), filesOf(path, 'train')])
  const bytes = await readFile(join(path, 'model.tflite')).catch((cause) => {
    throw lacks(path, 'model.tflite', cause)
  })
  const { data } = await dataStage.load(dataFiles, { project })
  const trained = loadTrained(trainFiles)
  const { imported } = await importTrained({ project, data, trained })
  return { source: project.data.source, float: imported, bytes: new Uint8Array(bytes) }
}

async function filesOf(path: string, stage: string): Promise<Record<string, Uint8Array>> {
  try {
    const names = await readdir(join(path, stage))
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, new Uint8Array(await readFile(join(path, stage, name)))] as const)),
    )
  } catch (cause) {
    throw lacks(path, stage, cause)
  }
}

const lacks = (path: string, what: string, cause: unknown) =>
  new UserError('not-a-run', `${path} holds no ${what}`, { cause, expected: 'the folder of a run that `peapod deploy` has quantised' })
