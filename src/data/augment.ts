/** Augmentation of standardised images and of their masks: both see the same part. */
import { ignored } from './define.ts'
import type { ImageShape } from './preprocessor.ts'
import { type Augmentation, drawView, isHidden, type View } from './view.ts'

/** Copies an image [height, width, channels] into `into` at `offset` as the sample's view of this epoch shows it. */
export function augmenter(shape: ImageShape, options: Augmentation) {
  const [height, width, channels] = shape
  return (image: Float32Array, into: Float32Array, offset: number, sample: number, epoch: number): void => {
    const view = drawView(shape, options, sample, epoch)
    into.fill(0, offset, offset + height * width * channels)
    if (view.part) enlarge(image, into, offset, shape, view, view.part)
    else shift(image, into, offset, shape, view)
    if (view.hole) hide(into, offset, shape, view.hole)
  }
}

/** The same for a mask, uint8 [height, width], nearest pixel: -1 where it is ignored, came in from outside, or is hidden. */
export function maskAugmenter(shape: ImageShape, options: Augmentation) {
  const [height, width] = shape
  return (mask: Uint8Array, into: Int32Array, offset: number, sample: number, epoch: number): void => {
    const view = drawView(shape, options, sample, epoch)
    const { top, left, height: h, width: w } = view.part ?? { top: 0, left: 0, height, width }
    for (let row = 0; row < height; row++) {
      const y = row + view.down
      for (let column = 0; column < width; column++) {
        const x = column + view.right
        const inside = y >= 0 && y < height && x >= 0 && x < width && !isHidden(view, row, column)
        const across = view.flip ? width - 1 - x : x
        const from = (top + Math.floor(((y + 0.5) * h) / height)) * width + left + Math.floor(((across + 0.5) * w) / width)
        into[offset + row * width + column] = inside ? labelOf(mask[from]!) : -1
      }
    }
  }
}

/** As losses count it: negative is ignored. */
export const labelOf = (value: number): number => (value === ignored ? -1 : value)

function shift(image: Float32Array, into: Float32Array, offset: number, [height, width, channels]: ImageShape, view: View): void {
  const { down, right, flip } = view
  for (let row = Math.max(0, -down); row < Math.min(height, height - down); row++) {
    for (let column = Math.max(0, -right); column < Math.min(width, width - right); column++) {
      const from = ((row + down) * width + (flip ? width - 1 - column - right : column + right)) * channels
      const to = offset + (row * width + column) * channels
      for (let c = 0; c < channels; c++) into[to + c] = image[from + c]!
    }
  }
}

/** Bilinear, half-pixel centres; the part's edge pixels repeat outwards. */
function enlarge(
  image: Float32Array,
  into: Float32Array,
  offset: number,
  [height, width, channels]: ImageShape,
  { down, right, flip }: View,
  part: NonNullable<View['part']>,
): void {
  for (let row = Math.max(0, -down); row < Math.min(height, height - down); row++) {
    const y = tap(row + down, height, part.height)
    for (let column = Math.max(0, -right); column < Math.min(width, width - right); column++) {
      const x = tap(flip ? width - 1 - column - right : column + right, width, part.width)
      const to = offset + (row * width + column) * channels
      const corner = (i: number, j: number) => ((part.top + i) * width + part.left + j) * channels
      const [a, b, d, e] = [corner(y.low, x.low), corner(y.low, x.high), corner(y.high, x.low), corner(y.high, x.high)]
      for (let c = 0; c < channels; c++) {
        const upper = image[a + c]! + (image[b + c]! - image[a + c]!) * x.share
        const lower = image[d + c]! + (image[e + c]! - image[d + c]!) * x.share
        into[to + c] = upper + (lower - upper) * y.share
      }
    }
  }
}

function tap(i: number, to: number, from: number) {
  const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5))
  const low = Math.floor(at)
  return { low, high: Math.min(from - 1, low + 1), share: at - low }
}

function hide(into: Float32Array, offset: number, [height, width, channels]: ImageShape, hole: NonNullable<View['hole']>): void {
  const [from, to] = [Math.max(0, hole.left), Math.min(width, hole.left + hole.side)]
  for (let row = Math.max(0, hole.top); row < Math.min(height, hole.top + hole.side); row++)
    into.fill(0, offset + (row * width + from) * channels, offset + (row * width + to) * channels)
}
