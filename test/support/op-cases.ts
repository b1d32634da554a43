/** Quantised cases of any operator, made from its room: examples times scales and zero points, with seeded elements. */
import { type Data, type DType, type Quant, type Shape, size, type Tensor } from '../../src/graph/ir/graph.ts'
import { key, uniform } from '../../src/graph/math/random.ts'
import {
  type AnyOp,
  attrsWith,
  authorityOf,
  type Example,
  type Operand,
  type Role,
  roleOfInput,
  roleOfOutput,
} from '../../src/graph/ops/define.ts'

export type OpCase = {
  readonly attrs: any
  /** Constants have data; the others get one entry of each vector, in order. */
  readonly inputs: readonly Tensor[]
  readonly outputs: readonly Tensor[]
  readonly vectors: readonly (readonly Data[])[]
}

/** Scales below and above one, zero points at both ends; `reach` below 1 saturates the output, and far below 1 makes multipliers above one. */
const variants = [
  { scale: 0.02, zero: -128, reach: 1, zeroOut: undefined },
  { scale: 1.5, zero: 127, reach: 0.4, zeroOut: 127 },
  { scale: 0.11, zero: 3, reach: 1.2, zeroOut: -128 },
  { scale: 0.5, zero: -7, reach: 2.5, zeroOut: 0 },
  { scale: 0.3, zero: 11, reach: 0.003, zeroOut: -5 },
] as const
type Variant = {
  readonly dtype: 'int8' | 'int16'
  readonly scale: number
  readonly zero: number
  readonly reach: number
  readonly zeroOut: number | undefined
}

const f32 = Math.fround
const perTensor = (scale: number, zero: number): Quant => ({ scale: [f32(scale)], zero: [zero], axis: 0 })

export const realsOf = (data: Data, quant: Quant | undefined, shape: Shape): Float32Array => {
  if (!quant) return Float32Array.from(data as ArrayLike<number>)
  const inner = quant.scale.length > 1 ? size(shape.slice(quant.axis + 1)) : data.length
  return Float32Array.from(data as ArrayLike<number>, (q, i) => {
    const c = quant.scale.length > 1 ? Math.floor(i / inner) % quant.scale.length : 0
    return quant.scale[c]! * (Number(q) - (quant.zero[c] ?? 0))
  })
}

/** All cases of an operator that has an integer kernel: each type that somebody computes, each example under each variant, two vectors each. */
export function casesOf(def: AnyOp): OpCase[] {
  const types = (['int8', 'int16'] as const).filter((dtype) => authorityOf(def, dtype))
  return types.flatMap((dtype) =>
    def.examples.flatMap((example, e) => variants.map((variant, v) => caseOf(def, example, typed(variant, dtype), 16 * e + v))),
  )
}

/** 16-bit steps are finer, and their zero point is 0. */
const typed = (variant: (typeof variants)[number], dtype: 'int8' | 'int16'): Variant =>
  dtype === 'int8' ? { ...variant, dtype } : { dtype, scale: variant.scale / 256, zero: 0, reach: variant.reach, zeroOut: 0 }

function caseOf(def: AnyOp, example: Example, variant: Variant, n: number): OpCase {
  const attrs: any = attrsWith(def, example.attrs as any)
  // 16-bit sums of any scales, not of powers of two alone.
  if (variant.dtype === 'int16' && 'potScaleInt16' in attrs) attrs.potScaleInt16 = false
  const inputs: Tensor[] = []
  for (const [i, shape] of example.shapes.entries()) inputs.push(inputOf(def, example, variant, n, i, shape, inputs))
  const free = inputs.filter((t) => !t.data)
  const vectors = [0, 1].map((v) => free.map((t, i) => legal(def, t, elements(t, 64 * n + 8 * v + i, v === 1))))
  return { attrs, inputs, outputs: outputsOf(def, attrs, inputs, vectors, variant), vectors }
}

/** Roots of negative numbers are refused: the references stop there. */
const legal = (def: AnyOp, { quant }: Tensor, data: Data): Data =>
  def.name === 'sqrt' || def.name === 'rsqrt' ? (data as Int8Array).map((q) => Math.max(q, quant!.zero[0]!)) : data

function inputOf(
  def: AnyOp,
  { consts }: Example,
  { dtype, scale, zero }: Variant,
  n: number,
  i: number,
  shape: Shape,
  before: readonly Tensor[],
): Tensor {
  const role = roleOfInput(def, i)
  const name = `in${i}`
  if (consts?.[i]) return { name, shape, dtype: 'int32', data: Int32Array.from(consts[i]) }
  const stream = key(n, 'test', 100 + i)
  const draw = (e: number) => uniform(stream, e)
  if (role.role === 'weight') {
    // Where the specification asks for one scale, a target may still take one for each output channel.
    const axis = role.axis < 0 && n % 16 === 2 ? 0 : role.axis
    const channels = axis < 0 ? 1 : shape[axis]!
    const scales = Array.from({ length: channels }, (_, c) => f32(0.002 + 0.02 * draw(1000 + c)))
    const quant = { scale: scales, zero: scales.map(() => 0), axis: Math.max(0, axis) }
    return { name, shape, dtype: 'int8', quant, data: Int8Array.from({ length: size(shape) }, (_, e) => Math.round(254 * draw(e)) - 127) }
  }
  if (role.role === 'bias') {
    const [x, w] = ['activation', 'weight'].map((word) => before[def.roles.in.findIndex((r) => r.role === word)]!.quant!)
    const quant = { scale: w!.scale.map((s) => f32(x!.scale[0]! * s)), zero: w!.scale.map(() => 0), axis: 0 }
    const data = Int32Array.from({ length: size(shape) }, (_, e) => Math.round(6000 * (draw(e) - 0.5)))
    if (dtype === 'int16') return { name, shape, dtype: 'int64', quant, data: BigInt64Array.from(data, BigInt) }
    return { name, shape, dtype: 'int32', quant, data }
  }
  if (role.role === 'same') return { name, shape, dtype, quant: before[role.as]!.quant! }
  if (role.role === 'index') return { name, shape, dtype }
  if (def.name === 'quantize' && n % 2 === 1) return { name, shape, dtype: 'float32' }
  const first = def.roles.in[i] ? i === def.roles.in.findIndex((r) => r.role === 'activation') : i === 0
  return { name, shape, dtype, quant: perTensor(scale * (first ? 1 : 0.37), first ? zero : dtype === 'int8' ? -zero - 1 : 0) }
}

/** Uniform over the dtype; the second vector of a case holds many elements at the ends. */
function elements({ shape, dtype }: Tensor, n: number, ends: boolean): Data {
  const stream = key(n, 'test', 7)
  if (dtype === 'float32') return Float32Array.from({ length: size(shape) }, (_, e) => (uniform(stream, e) - 0.5) * (ends ? 300 : 3))
  const half = dtype === 'int8' ? 128 : 32768
  const element = (_: unknown, e: number) => {
    const u = uniform(stream, e)
    return ends && u < 0.4 ? (u < 0.2 ? -half : half - 1) : Math.floor(2 * half * uniform(stream, e + 100000)) - half
  }
  return dtype === 'int8' ? Int8Array.from({ length: size(shape) }, element) : Int16Array.from({ length: size(shape) }, element)
}

function outputsOf(def: AnyOp, attrs: any, inputs: readonly Tensor[], vectors: readonly (readonly Data[])[], variant: Variant): Tensor[] {
  const bare: Operand[] = def.infer(attrs, inputs).map((shape) => ({ shape, dtype: 'float32' as DType }))
  return bare.map(({ shape }, o) => {
    const name = `out${o}`
    if (def.name === 'dequantize') return { name, shape, dtype: 'float32' }
    // A bare number has the type that an attribute says.
    if (roleOfOutput(def, o).role === 'index') return { name, shape, dtype: attrs.outputType ?? attrs.outDataType }
    const seen = vectors.flatMap((v) => [...runReal(def, attrs, inputs, bare, v)[o]!]).filter(Number.isFinite)
    return { name, shape, dtype: variant.dtype, quant: quantOf(roleOfOutput(def, o), inputs, seen, variant) }
  })
}

function quantOf(role: Role, inputs: readonly Tensor[], seen: readonly number[], { dtype, reach, zeroOut }: Variant): Quant {
  if (role.role === 'same') return inputs[role.as]!.quant ?? perTensor(1, 0)
  if (role.role === 'fixed') return dtype === 'int8' ? perTensor(role.scale, role.zero) : perTensor(1 / 32768, 0)
  const [low, high] = [Math.min(0, ...seen), Math.max(0, ...seen)]
  const span = dtype === 'int8' ? high - low : 2 * Math.max(high, -low)
  const scale = f32((Math.max(span, 1e-3) / (dtype === 'int8' ? 255 : 65535)) * reach)
  return perTensor(scale, zeroOut ?? Math.max(-128, Math.min(127, Math.round(-128 - low / scale))))
}

/** What the float kernel makes of the reals that a vector stands for. */
export function runReal(
  def: AnyOp,
  attrs: any,
  inputs: readonly Tensor[],
  outputs: readonly Operand[],
  vector: readonly Data[],
): Float32Array[] {
  let next = 0
  const operands = inputs.map((t): Tensor => {
    const data = t.data ?? vector[next++]!
    const role = inputs.indexOf(t) < def.roles.in.length ? def.roles.in[inputs.indexOf(t)]! : (def.roles.rest ?? def.roles.in[0]!)
    return role.role === 'index' ? { ...t, data } : { ...t, dtype: 'float32', data: realsOf(data, t.quant, t.shape) }
  })
  const results = outputs.map(({ shape }) => new Float32Array(size(shape)))
  const real = outputs.map(({ shape }) => ({ shape, dtype: 'float32' as DType }))
  def.float(
    attrs,
    operands,
    real,
  )(
    operands.map((t) => t.data as any),
    results,
  )
  return results
}
