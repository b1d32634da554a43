/** The one graph that every stage reads and returns: immutable values, with the phase in the type. */

export type Shape = readonly number[]

export const dtypes = ['float32', 'int8', 'uint8', 'int16', 'int32', 'int64', 'bool', 'float16'] as const
export type DType = (typeof dtypes)[number]

/** Elements in row-major order; float16 travels as its raw bits. */
export type Data = Float32Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | BigInt64Array

/** What kernels compute on; int64 appears in constants only. */
export type Elements = Exclude<Data, BigInt64Array>

/** real = scale * (q - zero); one entry, or one for each index along `axis`. Scales are float32 values, as the format stores them. */
export type Quant = { readonly scale: readonly number[]; readonly zero: readonly number[]; readonly axis: number }

export type Tensor = {
  readonly name: string
  readonly shape: Shape
  readonly dtype: DType
  readonly quant?: Quant
  /** Present exactly on constants. */
  readonly data?: Data
}

export type Attrs = Readonly<Record<string, any>>

export type Node<A = Attrs> = {
  /** The name of a room in `graph/ops`. */
  readonly op: string
  readonly attrs: A
  /** Indices into `tensors`; -1 where an optional input is absent. */
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
}

/** How far a graph has come. A stage takes one phase and returns the next. */
export const phases = ['imported', 'stripped', 'folded', 'quantised'] as const
export type Phase = (typeof phases)[number]

export type Graph<P extends Phase = Phase> = {
  readonly phase: P
  readonly name: string
  readonly tensors: readonly Tensor[]
  /** In an order in which every tensor is produced before it is used. */
  readonly nodes: readonly Node[]
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  /** Named text that travels in the model file, such as the preprocessing contract. */
  readonly metadata: Readonly<Record<string, string>>
}

/** The number of elements of a shape. */
export const size = (shape: Shape): number => shape.reduce((a, b) => a * b, 1)

const arrays = {
  float32: Float32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  float16: Uint16Array,
} as const

/** A zeroed array for `length` elements of a type. */
export const allocate = (dtype: DType, length: number): Data => new arrays[dtype](length)

/** A view of raw little-endian bytes as elements of a type; the bytes must be aligned to it. */
export const view = (dtype: DType, bytes: ArrayBufferLike, offset: number, length: number): Data =>
  new arrays[dtype](bytes as ArrayBuffer, offset, length)

export const bytesPerElement = (dtype: DType): number => arrays[dtype].BYTES_PER_ELEMENT
