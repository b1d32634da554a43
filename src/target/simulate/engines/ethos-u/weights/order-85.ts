/** The order in which the U85's weight decoders want their weights, with the zeros that fill it; and whether two of four are zero. */
import type { Block } from '../block.ts'
import { roundUp } from '../operation.ts'
import type { Accelerator85 } from '../u85/numbers.ts'
import type { Source } from './order.ts'

export type Encoding85 = {
  readonly block: Block
  readonly accelerator: Accelerator85
  readonly sparse: boolean
  readonly fast: boolean
  readonly strides: readonly [number, number]
  readonly dilations: readonly [number, number]
  readonly ifmBits: number
}

/** Output channels that a decoder takes in turn. */
const TURN = 4

/** Room for one stream, used again by the next. */
let out = new Int16Array(0)

function makeRoom(length: number): void {
  if (length <= out.length) return
  const wider = new Int16Array(Math.max(2 * out.length, length, 1 << 16))
  wider.set(out)
  out = wider
}

/** Weights of output channels [from, to) for decoder `stream` of `streams`; the next call writes over them. */
export function ordered85(source: Source, from: number, to: number, encoding: Encoding85, stream: number, streams: number): Int16Array {
  const { block, accelerator, sparse, ifmBits } = encoding
  const { data, zero, gaps } = source
  const depthwise = block.traversal === 'depthwise'
  const parts = block.traversal === 'part-kernel'
  const [ofmStep, ofmBlock, ifmBlock] = [block.unit[2], block.ofm[2], block.ifm[2]]
  const wide = ifmBits === 16
  const filled = depthwise ? 10 : parts ? (wide || sparse ? 10 : 5) : 1
  const ifmStep = depthwise ? 1 : parts && wide && !sparse ? 8 : ifmBlock
  const inner = depthwise ? 1 : sparse ? 16 : 8
  const [strideY, strideX] = block.traversal === 'depth-first' ? [1, 1] : encoding.strides
  const pause = !depthwise || (!wide && accelerator.macsPerCycle <= 256) ? 0 : accelerator.macsPerCycle <= 512 ? 2 : 6
  const channels = to - from
  const depth = depthwise ? 1 : source.depth
  const [, strideRow, strideColumn, strideDepth] = source.strides
  let at = 0

  /** One kernel element: its input channels for each output channel of this decoder in a micro-block. */
  const element = (o: number, y: number, x: number, i: number) => {
    makeRoom(at + ((ifmStep / inner) | 1) * ofmStep * Math.max(inner, ifmStep))
    const place = (y / gaps[0]) * strideRow + (x / gaps[1]) * strideColumn
    const known = y % gaps[0] === 0 && x % gaps[1] === 0 ? depth : 0
    for (let c = i; c < i + ifmStep; c += inner) {
      const filled = Math.max(0, Math.min(inner, known - c))
      for (let z = stream * TURN; z < ofmStep; z += TURN * streams) {
        for (let channel = o + z; channel < o + z + TURN; channel++) {
          let weight = (from + channel) * source.strides[0] + place + c * strideDepth
          const end = at + (channel < channels ? filled : 0)
          const padded = at + inner
          for (; at < end; at++, weight += strideDepth) out[at] = data[weight]! - zero
          while (at < padded) out[at++] = 0
        }
      }
    }
  }
  const zeros = (count: number) => {
    makeRoom(at + count)
    out.fill(0, at, at + count)
    at += count
  }

  let [i, step] = [0, -ifmBlock]
  for (let o = 0; o < channels; o += ofmBlock) {
    // Blocks of the input are walked to and fro.
    step = -step
    i = step > 0 ? 0 : i
    for (; i < depth && i >= 0; i += depthwise ? depth : step) {
      const iEnd = depthwise ? 1 : Math.min(i + ifmBlock, depth)
      for (const [top, left, height, width] of subKernels(source, encoding)) {
        for (let outer = i; outer < iEnd; outer += ifmStep) {
          for (let u = o; u < Math.min(o + ofmBlock, channels); u += ofmStep) {
            let left_ = roundUp(height * width, filled)
            for (let sy = 0; sy < strideY; sy++) {
              for (let sx = 0; sx < strideX; sx++) {
                const [rows, columns] = [Math.ceil((height - sy) / strideY), Math.ceil((width - sx) / strideX)]
                for (let y = 0; y < rows; y++) {
                  for (let n = 0; n < columns; n++) {
                    const x = y % 2 === 0 ? n : columns - 1 - n
                    left_--
                    element(u, top + sy + y * strideY, left + sx + x * strideX, outer)
                    if (depthwise && left_ % filled === 0) zeros((pause * ofmStep) / streams)
                  }
                }
              }
            }
            if (left_ > 0) zeros(((left_ + pause) * ifmStep * ofmStep) / streams)
          }
        }
      }
    }
    i = step > 0 ? (Math.ceil(depth / ifmBlock) - 1) * ifmBlock : 0
  }
  return out.subarray(0, at)
}

/** Top, left, height and width of the pieces that a kernel is cut into, column by column. */
function subKernels({ height, width }: Source, { accelerator, dilations }: Encoding85): [number, number, number, number][] {
  const [limitH, limitW] = [Math.floor(accelerator.subKernel[0] / dilations[0]), Math.floor(accelerator.subKernel[1] / dilations[1])]
  const cuts: [number, number, number, number][] = []
  for (let x = 0; x < width; x += limitW) {
    for (let y = 0; y < height; y += limitH) cuts.push([y, x, Math.min(limitH, height - y), Math.min(limitW, width - x)])
  }
  return cuts
}

/** Whether at least two of each four neighbours along the input's depth are zero, in every output channel. */
export function isSparse({ data, zero, strides, depth, height, width, gaps }: Source, channels: number): boolean {
  const [rows, columns] = [(height - 1) / gaps[0] + 1, (width - 1) / gaps[1] + 1]
  for (let o = 0; o < channels; o++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const base = o * strides[0] + y * strides[1] + x * strides[2]
        for (let i = 0; i < depth; i += 4) {
          let used = 0
          for (let k = i; k < Math.min(i + 4, depth); k++) {
            const weight = data[base + k * strides[3]]! - zero
            if (weight > 127 || weight < -127) return false
            if (weight !== 0) used++
          }
          if (used > 2) return false
        }
      }
    }
  }
  return true
}
