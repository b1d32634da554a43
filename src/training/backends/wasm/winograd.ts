/** The calls of a convolution by Winograd's F(2, 3) (kernels/winograd.as.ts), in chunks of tiles whose transforms stay in cache. */
import { type Conv, frameFloats, padded, panelFloats } from './conv.ts'
import { type Arg, at, call, type Draft, type Place, type Region } from './region.ts'
import type { Frame } from './window.ts'

/** Fewer tiles than these would read panels, or sums, more often than it saves products (measured on ResNet-20 and ERFNet). */
const productTiles = 16
const filterTiles = 64

/** With few channels the transforms take what the products save. */
const fewest = 16

/** Whether a convolution goes by tiles: windows of 3 x 3, 3 x 1 or 1 x 3 side by side, over more than a few pixels and channels. */
export function isTiled({ window: w, inputs, outputs }: Conv): boolean {
  const plain = w.strideH === 1 && w.strideW === 1 && w.dilationH === 1 && w.dilationW === 1
  const axis = (kernel: number, out: number) => kernel === 1 || (kernel === 3 && out >= 4)
  const taps = w.kernelH * w.kernelW
  const channels = Math.min(inputs, outputs) >= fewest
  return plain && channels && taps > 1 && axis(w.kernelH, w.outH) && axis(w.kernelW, w.outW)
}

/** The input gradient of a convolution of stride 1 is one over dy, by the mirrored kernel. */
export function turned({ window: w, inputs, outputs }: Conv): Conv {
  const window = { ...w, inH: w.outH, inW: w.outW, outH: w.inH, outW: w.inW, top: w.kernelH - 1 - w.top, left: w.kernelW - 1 - w.left }
  return { window, inputs: outputs, outputs: inputs }
}

export const isTiledBack = (conv: Conv): boolean => conv.window.strideH === 1 && conv.window.strideW === 1 && isTiled(turned(conv))

function tilesOf({ window: w }: Conv) {
  const tall = w.kernelH === 3 ? 1 : 0
  const wide = w.kernelW === 3 ? 1 : 0
  const rows = Math.ceil(w.outH / (1 + tall))
  const columns = Math.ceil(w.outW / (1 + wide))
  const height = tall ? 2 * rows + 2 : rows
  const width = wide ? 2 * columns + 2 : columns
  const frame: Frame = { inH: w.inH, inW: w.inW, top: w.top, left: w.left, height, width }
  return { tall, wide, rows, columns, positions: 4 ** (tall + wide), frame }
}

/** Floats of the panels of `packTiled`. */
export const tiledPanelFloats = (conv: Conv): number => tilesOf(conv).positions * panelFloats(conv.inputs, conv.outputs)

/** The panels of a kernel, `mirrored` where it is one of the convolution that `conv` turns round. */
export function packTiled(conv: Conv, kernel: Region, bias: Arg, panels: Arg, mirrored: boolean): Draft[] {
  const { inputs, outputs, window } = conv
  const { tall, wide } = tilesOf(conv)
  const tap = inputs * outputs * 4
  const steps = mirrored ? [-tap, 4, inputs * 4] : [tap, outputs * 4, 4]
  const first = mirrored ? (window.kernelH * window.kernelW - 1) * tap : 0
  return [call('packTiles', at(kernel, first), bias, panels, inputs, outputs, ...steps, tall, wide, 0, Math.ceil(outputs / 8))]
}

/** Rows of tiles `row` to `row + rows` of image n, `before` tiles into their chunk. */
type Piece = { readonly n: number; readonly row: number; readonly rows: number; readonly before: number }

/** Images `from` to `to` in chunks of at least `fewest` tiles, where there are so many. */
function chunksOf({ rows, columns }: { rows: number; columns: number }, from: number, to: number, fewest: number): Piece[][] {
  const chunks: Piece[][] = []
  let tiles = fewest
  for (let n = from; n < to; n++)
    for (let row = 0; row < rows; ) {
      if (tiles >= fewest) {
        chunks.push([])
        tiles = 0
      }
      const take = Math.min(rows - row, Math.ceil((fewest - tiles) / columns))
      chunks.at(-1)!.push({ n, row, rows: take, before: tiles })
      row += take
      tiles += take * columns
    }
  return chunks
}

/** A partition's scratch memory: a padded image, lines between two transforms, and the tiles of both sides. */
function roomsOf(conv: Conv, fewest: number) {
  const { positions, columns, frame } = tilesOf(conv)
  const between = frameFloats(frame, conv.inputs)
  const left = between + 4 * Math.max(frame.width * conv.inputs, conv.window.outW * conv.outputs)
  const most = positions * (fewest + columns)
  const right = left + most * conv.inputs
  return { between, left, right, floats: right + most * conv.outputs }
}

export const tiledScratchFloats = (conv: Conv): number => Math.max(roomsOf(conv, productTiles).floats, roomsOf(conv, filterTiles).floats)

/** The calls of one side for a piece: the transformed inputs of its tiles go to `into`, in planes of `plane` bytes. */
function spread(conv: Conv, x: Region, piece: Piece, first: boolean, scratch: Region, between: Place, into: Place, plane: number): Draft[] {
  const { tall, wide, columns, frame } = tilesOf(conv)
  const pixel = conv.inputs * 4
  const { image, width, calls } = padded(frame, conv.inputs, x, piece.n, scratch)
  const from = at(image.region, image.offset + piece.row * (1 + tall) * width * pixel)
  const to = at(into.region, into.offset + piece.before * pixel)
  // An image that goes on from the chunk before lies there still.
  return [...(first ? calls : []), call('tileInputs', from, to, between, piece.rows, columns, pixel, width * pixel, tall, wide, plane)]
}

type Chunk = {
  readonly pieces: readonly Piece[]
  readonly tiles: number
  readonly spreads: readonly Draft[]
  readonly left: Place
  readonly right: Place
  readonly between: Place
}

/** The chunks with the calls that transform their inputs. */
function chunked(conv: Conv, x: Region, from: number, to: number, scratch: Region, fewest: number): Chunk[] {
  const rooms = roomsOf(conv, fewest)
  const [between, left, right] = [rooms.between, rooms.left, rooms.right].map((floats) => at(scratch, floats * 4)) as [Place, Place, Place]
  const { columns } = tilesOf(conv)
  return chunksOf(tilesOf(conv), from, to, fewest).map((pieces) => {
    const tiles = pieces.reduce((sum, { rows }) => sum + rows * columns, 0)
    const plane = tiles * conv.inputs * 4
    const spreads = pieces.flatMap((piece) => spread(conv, x, piece, piece.row === 0, scratch, between, left, plane))
    return { pieces, tiles, spreads, left, right, between }
  })
}

/** What of y, or dy, lies under a piece: its first byte there, and the calls' numbers after the pixel's size. */
function outputsOf(conv: Conv, { n, row }: Piece) {
  const { window: w, outputs } = conv
  const { tall, wide } = tilesOf(conv)
  const top = row * (1 + tall)
  return { offset: (n * w.outH + top) * w.outW * outputs * 4, size: [w.outH - top, w.outW, tall, wide] }
}

export function tiledForward(conv: Conv, x: Region, panels: Arg, y: Region, from: number, to: number, scratch: Region): Draft[] {
  const { inputs, outputs } = conv
  const { positions, columns } = tilesOf(conv)
  const pixel = outputs * 4
  return chunked(conv, x, from, to, scratch, productTiles).flatMap(({ pieces, tiles, spreads, left, right, between }) => [
    ...spreads,
    call('tileProducts', left, panels, right, positions, tiles, inputs, outputs),
    ...pieces.map((piece) => {
      const { offset, size } = outputsOf(conv, piece)
      const tile = at(right.region, right.offset + piece.before * pixel)
      return call('tileOutputs', tile, at(y, offset), between, piece.rows, columns, pixel, ...size, tiles * pixel)
    }),
  ])
}

/** Floats of the sums of `tiledFilter`. */
export const tiledSumFloats = (conv: Conv): number => tilesOf(conv).positions * conv.inputs * conv.outputs

export function tiledFilter(conv: Conv, x: Region, dy: Region, sums: Arg, from: number, to: number, scratch: Region): Draft[] {
  const { inputs, outputs } = conv
  const { positions, columns } = tilesOf(conv)
  const pixel = outputs * 4
  return chunked(conv, x, from, to, scratch, filterTiles).flatMap(({ pieces, tiles, spreads, left, right, between }) => [
    ...spreads,
    ...pieces.map((piece) => {
      const { offset, size } = outputsOf(conv, piece)
      const tile = at(right.region, right.offset + piece.before * pixel)
      return call('tileGradients', at(dy, offset), tile, between, piece.rows, columns, pixel, ...size, tiles * pixel)
    }),
    call('tileFilter', left, right, sums, positions, tiles, inputs, outputs),
  ])
}

/** The sums become, in place, the gradient of the kernel. */
export function tiledTaps(conv: Conv, sums: Arg): Draft {
  const { tall, wide } = tilesOf(conv)
  return call('tileTaps', sums, conv.inputs * conv.outputs * 4, tall, wide)
}
