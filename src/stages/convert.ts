/** From a float graph to the bytes of an int8 file: strip, fold, calibrate, quantise, write. */
import { writeTflite } from '../formats/tflite/write.ts'
import type { Graph } from '../graph/ir/graph.ts'
import { foldGraph } from '../graph/passes/fold-graph.ts'
import { stripGraph } from '../graph/passes/strip-graph.ts'
import { calibrate } from '../quantise/calibrate.ts'
import { methodOf } from '../quantise/method.ts'
import { quantiseGraph } from '../quantise/quantise.ts'
import { version } from '../version.ts'

export type Conversion = {
  readonly stripped: Graph<'stripped'>
  readonly folded: Graph<'folded'>
  readonly quantised: Graph<'quantised'>
  readonly bytes: Uint8Array
}

/** `calibration` gives preprocessed inputs, one at a time; `method` is a name in `quantise/methods`. */
export function convert(imported: Graph<'imported'>, calibration: Iterable<Float32Array>, method: string): Conversion {
  const stripped = stripGraph(imported)
  const folded = foldGraph(stripped)
  const quantised = quantiseGraph(folded, calibrate(folded, calibration), methodOf(method))
  return { stripped, folded, quantised, bytes: writeTflite(quantised, { description: `Peapod ${version}` }) }
}
