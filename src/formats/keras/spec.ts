/** A Keras layer as the importers take it: its weights by name, checked for number, shape and value. */
import { UserError } from '../../errors.ts'
import type { LayerSpec } from '../tfjs-layers/define.ts'
import type { KerasLayer, Weight, WeightSource } from './define.ts'
import { type Slot, slotsOf } from './weight-layout.ts'

/** `path` leads to the layer through the models around it. Throws UserError `missing-weight`, `weight-shape` and `not-finite`. */
export function specOf(path: readonly KerasLayer[], name: string, source: WeightSource): LayerSpec {
  const { className, settings } = path.at(-1)!
  const slots = slotsOf(className, settings) ?? []
  const place = `layer ${name} (${className})`
  const found = slots.length ? source(path) : []
  if (found.length !== slots.length)
    throw new UserError('missing-weight', `the file does not hold the weights of ${place}`, {
      found: found.length ? `${found.length} of shapes ${found.map(({ shape }) => `[${shape}]`).join(', ')}` : 'none',
      expected: slots.map(([slot]) => slot).join(', '),
      hint: 'save the whole model, not its architecture alone',
    })
  const weights = new Map(slots.map((slot, i) => [slot[0], checked(found[i]!, slot, place)]))
  return { className, name, config: settings, weight: (wanted) => weights.get(wanted) }
}

function checked(weight: Weight, [slot, shape]: Slot, place: string): Weight {
  const fits =
    !shape || (weight.shape.length === shape.length && shape.every((extent, i) => extent === undefined || extent === weight.shape[i]))
  if (!fits)
    throw new UserError('weight-shape', `weight ${slot} of ${place} has another shape than its settings say`, {
      found: `[${weight.shape}]`,
      expected: `[${shape!.map((extent) => extent ?? '?')}]`,
    })
  if (weight.data.some((v) => !Number.isFinite(v)))
    throw new UserError('not-finite', `weight ${slot} of ${place} holds a NaN or an infinity`, { hint: 'training may have diverged' })
  return weight
}
