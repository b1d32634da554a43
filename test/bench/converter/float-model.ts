/** A float network by its path: the file of another tool, or the folder of a finished run. */
import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { decodePreprocess, encodePreprocess, type Preprocess, preprocessKey } from '../../../src/data/preprocess.ts'
import { readFloat } from '../../../src/formats/read-float.ts'
import { readTflite } from '../../../src/formats/tflite/read.ts'
import type { Graph } from '../../../src/graph/ir/graph.ts'
import { writeWhole } from '../../../src/runs/files.ts'

export type FloatModel = {
  readonly imported: Graph<'imported'>
  readonly preprocess: Preprocess
  /** What TensorFlow itself can load; absent for a run, whose graph is handed over. */
  readonly keras?: string
  /** The data that a run was trained on. */
  readonly source?: string
}

/** A file ending in .gz is unpacked into `scratch`. `given` is the preprocessing of a file, as JSON. */
export async function openFloatModel(path: string, given: string | undefined, scratch: string): Promise<FloatModel> {
  if (statSync(path).isDirectory()) {
    const { openFinishedRun } = await import('../../../src/stages/finished-run.ts')
    const { source, float, bytes } = await openFinishedRun(path)
    const preprocess = decodePreprocess(readTflite(bytes).metadata[preprocessKey]!)
    return { imported: withPreprocess(float, preprocess), preprocess, source }
  }
  const keras = path.endsWith('.gz') ? `${scratch}/${basename(path, '.gz')}` : path
  if (keras !== path) await writeWhole(keras, gunzipSync(readFileSync(path)))
  const graph = await readFloat(keras)
  const [, height, width] = graph.tensors[graph.inputs[0]!]!.shape
  const usual = { height, width, colour: 'rgb', resize: 'none', scale: 1 / 255, mean: [0, 0, 0], deviation: [1, 1, 1] }
  const preprocess = decodePreprocess(JSON.stringify({ ...usual, ...(given && JSON.parse(given)) }))
  return { imported: withPreprocess(graph, preprocess), preprocess, keras }
}

const withPreprocess = (graph: Graph<'imported'>, preprocess: Preprocess): Graph<'imported'> => ({
  ...graph,
  metadata: { ...graph.metadata, [preprocessKey]: encodePreprocess(preprocess) },
})
