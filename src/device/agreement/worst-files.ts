/** The samples that differ most, as files to try again with: `peapod execute M --input worst-inputs.npy`. */
import { bytesPerElement, type Elements, size, type Tensor } from '../../graph/ir/graph.ts'
import { type NpyKind, writeNpy } from '../../npy.ts'
import type { Agreement } from '../define.ts'
import type { VerifyInputs } from '../verify.ts'

const kinds: Readonly<Record<string, NpyKind>> = { int8: '|i1', uint8: '|u1', int16: '<i2', float32: '<f4' }

/** Empty where nothing differs. `input` is the model's input tensor. */
export function worstFiles(
  { worst = [] }: Agreement,
  { inputs, labels, here, output }: VerifyInputs,
  input: Tensor,
): Record<string, Uint8Array | string> {
  const kind = kinds[input.dtype]
  if (!worst.length || !kind) return {}
  const bytes = size(input.shape) * bytesPerElement(input.dtype)
  const classes = size(output.shape)
  const chosen = new Uint8Array(Buffer.concat(worst.map(({ sample }) => inputs.subarray(sample * bytes, (sample + 1) * bytes))))
  const array = { '|i1': Int8Array, '|u1': Uint8Array, '<i2': Int16Array, '<f4': Float32Array }[kind as '|i1']
  const rows = worst.map((each) => ({
    ...each,
    label: labels[each.sample]!,
    outputsHere: [...(here.subarray(each.sample * classes, (each.sample + 1) * classes) as Elements)],
  }))
  return {
    'worst.json': `${JSON.stringify(rows, null, 2)}\n`,
    'worst-inputs.npy': writeNpy({ kind, shape: [worst.length, ...input.shape.slice(1)], data: new array(chosen.buffer) }),
  }
}
