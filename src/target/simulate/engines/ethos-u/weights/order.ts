/** The order in which the weight decoder wants the weights of one core, with the zeros that fill its bricks (npu-facts 6). */
import { roundUp } from '../operation.ts'
import type { Traversal } from '../traversal.ts'

/** Weights by output channel, row, column and input channel, whatever their layout in the file. */
export type Source = {
  readonly data: ArrayLike<number> & object
  readonly zero: number
  /** Steps in `data` between neighbours along output channel, row, column, input channel. */
  readonly strides: readonly [number, number, number, number]
  readonly height: number
  readonly width: number
  /** Rows and columns from one weight to the next; zeros lie between them. */
  readonly gaps: readonly [number, number]
  /** Input channels; 1 for depthwise. */
  readonly depth: number
}

export type Bricks = {
  readonly traversal: Traversal
  readonly ofmBlockDepth: number
  readonly ofmUblockDepth: number
  readonly ifmUblockDepth: number
  readonly ifmBits: number
  readonly subKernel: readonly [number, number]
}

/** The weights of the given output channels, ready for coding. */
export function ordered(source: Source, channels: readonly number[], bricks: Bricks): Int16Array {
  const { data, zero, strides, depth, gaps } = source
  const depthwise = bricks.traversal === 'depthwise'
  const parts = bricks.traversal === 'part-kernel'
  const step = bricks.ifmUblockDepth
  const blockDepth = parts || bricks.ifmBits === 16 ? 16 : 32
  const inner = depthwise ? 1 : step
  const out = new Int16Array(room(source, channels.length, bricks))
  let at = 0

  /** One kernel element of one brick: `step` input channels (one for depthwise) of each channel of an output micro-block. */
  const brick = (o: number, ky: number, kx: number, i: number, inside: boolean) => {
    for (let z = 0; z < bricks.ofmUblockDepth; z++) {
      const channel = o + z < channels.length ? channels[o + z]! : -1
      const from = channel * strides[0] + (ky / gaps[0]) * strides[1] + (kx / gaps[1]) * strides[2]
      for (let c = i; c < i + inner; c++) out[at++] = inside && channel >= 0 && c < depth ? data[from + c * strides[3]]! - zero : 0
    }
  }

  const weighted = (y: number, x: number) => y % gaps[0] === 0 && x % gaps[1] === 0

  for (let block = 0; block < channels.length; block += bricks.ofmBlockDepth) {
    const blockEnd = Math.min(block + bricks.ofmBlockDepth, channels.length)
    for (let i = 0; i < (depthwise ? 1 : depth); i += blockDepth) {
      const iEnd = depthwise ? i + step : parts ? Math.min(i + blockDepth, depth) : i + blockDepth
      for (const [top, left, height, width] of subKernels(source, bricks.subKernel)) {
        const elements = roundUp(height * width, depthwise ? 4 : parts ? (bricks.ifmBits === 16 ? 2 : 4) : 1)
        for (let outer = i; outer < (parts ? iEnd : i + 1); outer += step) {
          for (let o = block; o < blockEnd; o += bricks.ofmUblockDepth) {
            for (let e = 0; e < elements; e++) {
              const ky = Math.floor(e / width)
              for (let c = outer; c < (parts ? outer + 1 : iEnd); c += step)
                brick(o, top + ky, left + (e % width), c, ky < height && weighted(top + ky, left + (e % width)))
            }
          }
        }
      }
    }
  }
  return out.subarray(0, at)
}

/** Top, left, height and width of the pieces that a kernel is cut into, row by row. */
function subKernels({ height, width }: Source, [limitH, limitW]: readonly [number, number]): [number, number, number, number][] {
  const cuts: [number, number, number, number][] = []
  for (let y = 0; y < height; y += limitH) {
    for (let x = 0; x < width; x += limitW) cuts.push([y, x, Math.min(limitH, height - y), Math.min(limitW, width - x)])
  }
  return cuts
}

/** More than the ordered weights can need. */
function room(source: Source, channels: number, { traversal, ofmUblockDepth, ofmBlockDepth, subKernel }: Bricks): number {
  const blocks = Math.ceil(channels / ofmBlockDepth)
  const filled = traversal === 'depth-first' ? 1 : 4
  const elements = subKernels(source, subKernel).reduce((sum, [, , height, width]) => sum + roundUp(height * width, filled), 0)
  const depth = traversal === 'depthwise' ? 1 : roundUp(source.depth, 32)
  return (roundUp(channels, ofmUblockDepth) + blocks * ofmUblockDepth) * depth * elements
}
