/** Numbers as C writes them. */
import type { Data, DType } from '../../graph/ir/graph.ts'

/** C types of elements that an input or output of a model can have. */
export const cTypes: Partial<Readonly<Record<DType, string>>> = {
  int8: 'int8_t',
  uint8: 'uint8_t',
  int16: 'int16_t',
  int32: 'int32_t',
  float32: 'float',
  bool: 'bool',
}

/** A float32 value with the nine digits that bring it back to the bit. */
export function float(value: number): string {
  const digits = Number(Math.fround(value).toPrecision(9)).toString()
  return `${/[.e]/.test(digits) ? digits : `${digits}.0`}f`
}

/** A double with the digits that bring it back to the bit. */
export const double = (value: number): string => (/[.e]/.test(String(value)) ? String(value) : `${value}.0`)

/** int32's lowest value has no literal of its own in C. */
const integer = (value: number): string => (value === -0x80000000 ? '(-2147483647 - 1)' : String(value))

/** Elements of an initialiser, wrapped to lines. */
export function elements(data: Exclude<Data, BigInt64Array>, perLine = 20): string {
  const word = data instanceof Float32Array ? float : integer
  const lines: string[] = []
  for (let at = 0; at < data.length; at += perLine) lines.push(`  ${Array.from(data.subarray(at, at + perLine), word).join(', ')},`)
  return lines.join('\n')
}

const hexadecimal = Array.from({ length: 256 }, (_, byte) => `0x${byte.toString(16).padStart(2, '0')}`)

export function bytes(data: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < data.length; at += 16) lines.push(`  ${Array.from(data.subarray(at, at + 16), (b) => hexadecimal[b]!).join(', ')},`)
  return lines.join('\n')
}
