/** Float .tflite files as a source of float models. */
import { readFile } from 'node:fs/promises'
import { UserError } from '../errors.ts'
import type { Graph } from '../graph/ir/graph.ts'
import type { FloatFormat } from './define.ts'
import { readTflite } from './tflite/read.ts'

export const floatTflite: FloatFormat = {
  name: 'tflite',
  says: 'a float .tflite',
  recognises: (path) => path.endsWith('.tflite'),
  read: async (path): Promise<Graph<'imported'>> => {
    const graph = readTflite(await readFile(path))
    if (graph.phase === 'imported') return graph
    throw new UserError('already-quantised', `${path} is quantised already`, { found: 'integer activations', expected: 'a float model' })
  },
}
