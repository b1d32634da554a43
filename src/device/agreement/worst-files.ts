/** The samples that differ most, as files to try again with: `peapod execute M --input worst-inputs.npy`. */
import { bytesPerElement, type Elements, size, type Tensor } from '../../graph/ir/graph.ts'
import { type NpyKind, writeNpy } from '../../npy.ts'
import type { Agreement, WorstSample } from '../define.ts'
import type { VerifyInputs } from '../verify.ts'
import type { VerifyParts } from '../verify-parts.ts'

const kinds: Readonly<Record<string, NpyKind>> = { int8: '|i1', uint8: '|u1', int16: '<i2', float32: '<f4' }

/** Empty where nothing differs. `input` is the model's input tensor. */
export function worstFiles({ worst = [] }: Agreement, { inputs, labels, here, output }: VerifyInputs, input: Tensor): Written {
  const bytes = size(input.shape) * bytesPerElement(input.dtype)
  const classes = size(output.shape)
  const rows = worst.map((each) => ({
    ...each,
    label: labels[each.sample]!,
    outputsHere: [...(here.subarray(each.sample * classes, (each.sample + 1) * classes) as Elements)],
  }))
  return written(rows, (sample) => inputs.subarray(sample * bytes, (sample + 1) * bytes), input)
}

/** The same of images whose pixels have classes; their outputs are too many for a table. */
export const worstPixelFiles = ({ worst = [] }: Agreement, { inputOf }: Pick<VerifyParts, 'inputOf'>, input: Tensor): Written =>
  written(worst, inputOf, input)

type Written = Record<string, Uint8Array | string>

function written(rows: readonly WorstSample[], inputOf: (sample: number) => Uint8Array, input: Tensor): Written {
  const kind = kinds[input.dtype]
  if (!rows.length || !kind) return {}
  const chosen = new Uint8Array(Buffer.concat(rows.map(({ sample }) => inputOf(sample))))
  const array = { '|i1': Int8Array, '|u1': Uint8Array, '<i2': Int16Array, '<f4': Float32Array }[kind as '|i1']
  return {
    'worst.json': `${JSON.stringify(rows, null, 2)}\n`,
    'worst-inputs.npy': writeNpy({ kind, shape: [rows.length, ...input.shape.slice(1)], data: new array(chosen.buffer) }),
  }
}
