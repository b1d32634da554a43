/** The constants of a graph model: each is named in the manifest, with its shape and type, in the order of the bytes. */
import type { io } from '@tensorflow/tfjs-core'
import { UserError } from '../../errors.ts'
import { type Shape, size } from '../../graph/ir/graph.ts'

export type Constant = { readonly name: string; readonly shape: Shape; readonly data: Float32Array | Int32Array }

const stored = {
  float32: Float32Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  float16: Uint16Array,
  bool: Uint8Array,
} as const

/** `groups` holds the bytes of each group of the manifest. Throws UserError `unreadable-model`, `truncated-file` and `not-finite`. */
export function constantsIn(manifest: io.WeightsManifestConfig, groups: readonly Uint8Array[]): ReadonlyMap<string, Constant> {
  const constants = new Map<string, Constant>()
  for (const [g, { weights }] of manifest.entries()) {
    let at = 0
    for (const spec of weights) {
      const { name, shape } = spec
      const kind = stored[(spec.quantization?.dtype ?? spec.dtype) as keyof typeof stored]
      if (typeof name !== 'string' || !kind || !Array.isArray(shape) || !shape.every((n) => Number.isSafeInteger(n) && n >= 0))
        throw new UserError('unreadable-model', `weight ${name} has a type or a shape that cannot be read`, {
          found: `${spec.quantization?.dtype ?? spec.dtype} [${shape}]`,
          expected: Object.keys(stored).join(', '),
        })
      const end = at + size(shape) * kind.BYTES_PER_ELEMENT
      if (end > groups[g]!.length)
        throw new UserError('truncated-file', `the weight files end before weight ${name}`, {
          found: `${groups[g]!.length} bytes`,
          expected: `at least ${end}`,
        })
      // A copy, which starts where its elements must.
      const values = new kind(new Uint8Array(groups[g]!.subarray(at, end)).buffer)
      at = end
      constants.set(name, { name, shape, data: restored(spec, values) })
    }
  }
  return constants
}

function restored({ name, dtype, quantization }: io.WeightsManifestEntry, values: InstanceType<(typeof stored)[keyof typeof stored]>) {
  const scaled = (): Float32Array => {
    if (quantization?.dtype === 'float16') return Float32Array.from(values, half)
    if (quantization) return Float32Array.from(values, (v) => v * (quantization.scale ?? 1) + (quantization.min ?? 0))
    return Float32Array.from(values)
  }
  if (dtype !== 'float32') return Int32Array.from(quantization ? scaled() : values, Math.round)
  const data = scaled()
  if (data.every(Number.isFinite)) return data
  throw new UserError('not-finite', `weight ${name} holds a NaN or an infinity`, { hint: 'training may have diverged' })
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return exponent ? sign * (1 + fraction / 1024) * 2 ** (exponent - 15) : sign * (fraction / 1024) * 2 ** -14
}
