/** What the int8 file says of some test images, beside the image and the truth. */
import { maskSheet } from '../data/mask-sheet.ts'
import { type ExecuteAllOptions, executeAll } from '../execute/pool/execute-all.ts'
import { classesOf } from '../execute/segment-score.ts'
import type { Graph } from '../graph/ir/graph.ts'
import type { State } from './define.ts'
import { quantisedInputs } from './inputs.ts'
import { masksOf } from './pixel-parts.ts'

/** A PNG with a row for each of `places`, which are images of the test split. */
export async function predictionSheet(
  graph: Graph,
  { set, preprocess }: Pick<State['data'], 'set' | 'preprocess'>,
  options: ExecuteAllOptions,
  places: readonly number[],
): Promise<Uint8Array> {
  const { test } = set.splits
  const shown = await Promise.all(
    places.map(async (place) => {
      const outputs = await executeAll(graph, quantisedInputs(graph, preprocess, test, place + 1, place), { ...options, threads: 1 })
      return { index: place, masks: [masksOf(test, place, 1), classesOf(outputs, set.classes.length)] }
    }),
  )
  return maskSheet(test, set.classes, ['image', 'truth', 'int8'], shown)
}
