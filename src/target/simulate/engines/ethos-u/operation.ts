/** What the engine prices: one operation of the accelerator, with the maps it reads and writes. */

/** Height, width, depth. */
export type Dims = readonly [number, number, number]

export const kinds = ['convolution', 'depthwise', 'vector-product', 'pooling', 'reduce-sum', 'elementwise', 'enlarging'] as const
/** The accelerator's own classes of operation; each has its own traversal and its own price. */
export type Kind = (typeof kinds)[number]

export const outputs = ['multiply', 'sum', 'max-pool', 'other'] as const
/** Which row of the output stage's table an operation takes. */
export type Output = (typeof outputs)[number]

export type Activation = 'lut' | 'clamp' | 'none'

/** A memory as the accelerator sees it: bytes per core cycle, burst in bytes, latencies in core cycles. */
export type Memory = {
  readonly name: 'sram' | 'external'
  readonly bytesPerCycle: number
  readonly burst: number
  readonly readLatency: number
  readonly writeLatency: number
  readonly ports: number
  /** Reads and writes in flight on one port; only the U85's estimator asks. */
  readonly maxReads?: number
  readonly maxWrites?: number
}

export type FeatureMap = {
  readonly shape: Dims
  readonly bits: number
  readonly format: 'nhwc' | 'nhcwb16'
  readonly memory: Memory
  /** Which map of the network it is; absent within a layer. */
  readonly tensor?: number
}

export type Kernel = {
  readonly height: number
  readonly width: number
  readonly strideY: number
  readonly strideX: number
  readonly dilationY: number
  readonly dilationX: number
}

export const pointKernel: Kernel = { height: 1, width: 1, strideY: 1, strideX: 1, dilationY: 1, dilationX: 1 }

export type Weights = {
  /** Encoded bytes of the whole layer, without scales. */
  readonly bytes: number
  /** Scales and biases, ten bytes a channel, rounded up to 16. */
  readonly scaleBytes: number
  readonly memory: Memory
}

/** A chained operation (U85): it takes the result of the one before from the chaining buffer. */
export type Link = {
  readonly output: Output
  readonly activation: Activation
  readonly binary: boolean
  readonly bits: { readonly input: number; readonly output: number }
  /** Its other input, where that comes from memory. */
  readonly other?: FeatureMap
}

export type Operation = {
  readonly kind: Kind
  readonly output: Output
  readonly activation: Activation
  readonly ifm: FeatureMap
  readonly ifm2?: FeatureMap
  readonly ofm: FeatureMap
  readonly kernel: Kernel
  readonly weights?: Weights
  /** Whether 16-bit inputs are rescaled, which takes the wide accumulator. */
  readonly scaled: boolean
  /** Bytes of tables that this operation keeps in the accelerator's own RAM. */
  readonly lutBytes: number
  /** The input is read twice as large: each pixel twice, or with zeros between pixels. */
  readonly upscale?: 'pixels' | 'zeros'
  /** A pool that only copies. */
  readonly copies?: boolean
  /** Bits of the result before a table widens it, where it does. */
  readonly bitsBeforeTable?: number
  /** Operations chained to this one, whose own result is then never written; `written` is that of the last. */
  readonly chain?: readonly Link[]
  readonly written?: FeatureMap
  /** Whether height and width change places, or width is reversed, on the way out. */
  readonly turned?: boolean
}

export const area = ([height, width]: Dims): number => height * width
export const volume = ([height, width, depth]: Dims): number => height * width * depth
export const ceilDiv = (a: number, b: number): number => Math.ceil(a / b)
export const roundUp = (a: number, b: number): number => Math.ceil(a / b) * b
/** The part of a block that lies inside a map. */
export const clip = (block: Dims, shape: Dims): Dims => [
  Math.min(block[0], shape[0]),
  Math.min(block[1], shape[1]),
  Math.min(block[2], shape[2]),
]
/** How many blocks cover a map, along each axis. */
export const tiles = (shape: Dims, block: Dims): Dims => [
  ceilDiv(shape[0], block[0]),
  ceilDiv(shape[1], block[1]),
  ceilDiv(shape[2], block[2]),
]
