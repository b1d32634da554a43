/** Prices layers by a straight line through multiply-accumulates and bytes, one line for each family. */

import { UserError } from '../../../../errors.ts'
import { bytesPerElement, size } from '../../../../graph/ir/graph.ts'
import { calibrationNote } from '../calibration.ts'
import type { Engine } from '../define.ts'
import { lineOf } from './line.ts'
import type { Linear } from './numbers.ts'

export const estimateLinear: Engine<Linear> = ({ layers }, { clockHz, uncertainty, families, calibration }, { model = 'linear' }) => {
  if (model !== 'linear') {
    throw new UserError('unknown-model', `this target has no model ${JSON.stringify(model)}`, { found: model, expected: 'linear' })
  }
  const sizes = new Map(
    layers.flatMap((layer) => [...layer.inputs, ...layer.outputs]).map((t) => [t.tensor, size(t.shape) * bytesPerElement(t.dtype)]),
  )
  return {
    model,
    clockHz,
    layers: layers.map((layer) => {
      const terms = lineOf(layer, families) ?? { mac: 0, memory: 0, fixed: 0 }
      const [boundBy] = Object.entries(terms).reduce((most, term) => (term[1] > most[1] ? term : most))
      const cycles = Math.round(terms.mac + terms.memory + terms.fixed)
      return { name: layer.name, op: layer.op, macs: layer.macs, cycles, boundBy, terms }
    }),
    encodedWeightBytes: layers.reduce((sum, { weights }) => sum + (weights?.data?.byteLength ?? 0), 0),
    mapBytes: (tensor) => sizes.get(tensor) ?? 0,
    buffers: [],
    notes: [uncertainty, calibrationNote(calibration)],
    unpriced: layers.flatMap(({ name, family }) => (family === 'opaque' ? [name] : [])),
  }
}
