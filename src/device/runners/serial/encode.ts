/** What MLPerf Tiny firmware wants on its wire for an input, and what its printed results mean. */
import { allocate, type Elements, size, type Tensor, view } from '../../../graph/ir/graph.ts'

/** `raw` is the tensor's own type; `uint8` pixels that the firmware lowers by 128; `float32` real values that the firmware quantises. */
export const encodings = ['raw', 'uint8', 'float32'] as const
export type Encoding = (typeof encodings)[number]

/** Conventions of the reference firmware, by the model's id in `profile%`. */
const conventions: Readonly<Record<string, Encoding>> = { ic01: 'uint8', vww01: 'uint8', ad01: 'float32' }

export const encodingOf = (id: string): Encoding => conventions[id] ?? 'raw'

/** `bytes` are of the input tensor's own type. */
export function encodeInput(bytes: Uint8Array, { dtype, shape, quant }: Tensor, encoding: Encoding): Uint8Array {
  if (encoding === 'uint8' && dtype === 'int8') return new Uint8Array(bytes).map((b) => b ^ 0x80)
  if (encoding !== 'float32' || dtype === 'float32') return bytes
  const elements = view(dtype, new Uint8Array(bytes).buffer, 0, size(shape)) as Elements
  const [scale, zero] = [quant?.scale[0] ?? 1, quant?.zero[0] ?? 0]
  return new Uint8Array(Float32Array.from(elements, (q) => (q - zero) * scale).buffer)
}

/** Printed real values as bytes of the output tensor's own type: the nearest step. */
export function decodeResults(values: readonly number[], { dtype, quant }: Tensor): Uint8Array {
  const elements = allocate(dtype, values.length) as Elements
  const [scale, zero] = [quant?.scale[0] ?? 1, quant?.zero[0] ?? 0]
  const [low, high] = { int8: [-128, 127], uint8: [0, 255], int16: [-32_768, 32_767] }[dtype as string] ?? [-Infinity, Infinity]
  for (const [i, value] of values.entries())
    elements[i] = dtype === 'float32' ? value : Math.min(high!, Math.max(low!, Math.round(value / scale) + zero))
  return new Uint8Array(elements.buffer)
}
