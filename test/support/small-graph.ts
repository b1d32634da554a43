/** Small int8 graphs by hand, for tests that need one operator with one fault. */
import type { DType, Graph, Quant, Tensor } from '../../src/graph/ir/graph.ts'
import { opOf } from '../../src/graph/ops/registry.ts'

export const quant = (scale = 0.05, zero = 0): Quant => ({ scale: [scale], zero: [zero], axis: 0 })
export const map = (name: string, shape: readonly number[], q: Quant | undefined = quant(), dtype: DType = 'int8'): Tensor =>
  q ? { name, shape, dtype, quant: q } : { name, shape, dtype }

export const weights = (name: string, shape: readonly number[], axis = 0, value = 1): Tensor => ({
  name,
  shape,
  dtype: 'int8',
  quant: { scale: new Array(shape[axis]!).fill(0.01), zero: new Array(shape[axis]!).fill(0), axis },
  data: new Int8Array(shape.reduce((a, b) => a * b, 1)).fill(value),
})
export const bias = (name: string, channels: number): Tensor => ({
  name,
  shape: [channels],
  dtype: 'int32',
  quant: { scale: new Array(channels).fill(0.0005), zero: new Array(channels).fill(0), axis: 0 },
  data: new Int32Array(channels),
})
export const indices = (name: string, values: readonly number[]): Tensor => ({
  name,
  shape: [values.length],
  dtype: 'int32',
  data: Int32Array.from(values),
})

/** A graph of one node: the tensors without data are its inputs, `out` its output. */
export function oneNode(op: string, attrs: object, inputs: readonly Tensor[], out: Tensor): Graph<'quantised'> {
  const def = opOf({ op })
  const defaults = Object.fromEntries(Object.entries(def.attrs as Record<string, { default: unknown }>).map(([k, f]) => [k, f.default]))
  return {
    phase: 'quantised',
    name: op,
    tensors: [...inputs, out],
    nodes: [{ op, attrs: { ...defaults, ...attrs }, inputs: inputs.map((_, i) => i), outputs: [inputs.length] }],
    inputs: inputs.flatMap((t, i) => (t.data ? [] : [i])),
    outputs: [inputs.length],
    metadata: {},
  }
}
