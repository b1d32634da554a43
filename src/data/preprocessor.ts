/** Applies the preprocessing contract to an image. */
import { UserError } from '../errors.ts'
import { roundAway } from '../graph/math/requantise.ts'
import { channelsOf, type Preprocess } from './preprocess.ts'

export type ImageShape = readonly [height: number, width: number, channels: number]

/** Takes a uint8 image, row-major [height, width, channels], and writes the network's input at `offset`. */
export type Preprocessor<A> = (image: Uint8Array, into: A, offset: number) => void

/** One output pixel on an axis: two source indices and the share of the second. */
type Tap = { readonly low: number; readonly high: number; readonly share: number }

/** Half-pixel centres: output i looks at (i + 0.5) * from / to - 0.5, and edge pixels repeat outwards. */
function taps(from: number, to: number): Tap[] {
  return Array.from({ length: to }, (_, i) => {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5))
    const low = Math.floor(at)
    return { low, high: Math.min(from - 1, low + 1), share: at - low }
  })
}

/** The source channels, and their weights, of each output channel. Grey is luma (ITU-R BT.601). */
function blends({ colour }: Preprocess, channels: number): readonly (readonly number[])[] {
  if (channels === 1) return colour === 'grey' ? [[1]] : [[1], [1], [1]]
  if (colour === 'grey') return [[0.299, 0.587, 0.114]]
  const rgb = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] // biome-ignore format: a matrix
  return colour === 'rgb' ? rgb : rgb.reverse()
}

/** Calls `put(value, channel, place)` with each resized and reordered, not yet scaled, value of an image. */
function walker(p: Preprocess, [height, width, channels]: ImageShape) {
  if (channels !== 1 && channels !== 3) {
    throw new UserError('bad-image-shape', 'images have an unknown number of channels', { found: `${channels}`, expected: '1 or 3' })
  }
  if (p.resize === 'none' && (height !== p.height || width !== p.width)) {
    throw new UserError('bad-image-shape', 'images are not of the size that the network takes', {
      found: `${height} x ${width}`,
      expected: `${p.height} x ${p.width}`,
      hint: 'set resize to bilinear in the preprocessing',
    })
  }
  const [rows, columns, mix] = [taps(height, p.height), taps(width, p.width), blends(p, channels)]
  return (image: Uint8Array, put: (value: number, channel: number, place: number) => void): void => {
    let place = 0
    for (const y of rows) {
      for (const x of columns) {
        const corners = [y.low * width + x.low, y.low * width + x.high, y.high * width + x.low, y.high * width + x.high]
        for (let out = 0; out < mix.length; out++) {
          let value = 0
          for (let c = 0; c < channels; c++) {
            const weight = mix[out]![c]!
            if (weight === 0) continue
            const [a, b, d, e] = [
              image[corners[0]! * channels + c]!,
              image[corners[1]! * channels + c]!,
              image[corners[2]! * channels + c]!,
              image[corners[3]! * channels + c]!,
            ]
            const upper = a + (b - a) * x.share
            value += weight * (upper + (d + (e - d) * x.share - upper) * y.share)
          }
          put(value, out, place++)
        }
      }
    }
  }
}

const standardised = (p: Preprocess, value: number, channel: number) =>
  Math.fround((value * p.scale - p.mean[channel]!) / p.deviation[channel]!)

/** Where every value is a whole pixel, its result for each channel stands in a table: [channels, 256]. */
function table(p: Preprocess, finish: (x: number) => number): Float32Array {
  return Float32Array.from({ length: channelsOf(p) * 256 }, (_, i) => finish(standardised(p, i % 256, i >> 8)))
}

function prepared<A extends Float32Array | Int8Array>(p: Preprocess, from: ImageShape, finish: (x: number) => number): Preprocessor<A> {
  const walk = walker(p, from)
  if (p.resize === 'none' && p.colour === 'rgb' && from[2] === 3) {
    const values = table(p, finish)
    return (image, into, offset) => {
      for (let at = 0, c = 0; at < image.length; at++, c = c === 512 ? 0 : c + 256) into[offset + at] = values[c + image[at]!]!
    }
  }
  return (image, into, offset) =>
    walk(image, (value, channel, place) => {
      into[offset + place] = finish(standardised(p, value, channel))
    })
}

/** From uint8 images of shape `from` to float32 [height, width, channels]. Throws a UserError where the shapes do not fit. */
export const preprocessor = (p: Preprocess, from: ImageShape): Preprocessor<Float32Array> => prepared(p, from, (x) => x)

/**
 * The same straight to int8: round(x / scale) + zero, clamped, in float32, halves away from zero, as TFLite's QUANTIZE computes it;
 * equal to quantising what `preprocessor` writes. `scale` is a float32 value.
 */
export function quantisedInput(
  p: Preprocess,
  from: ImageShape,
  quant: { readonly scale: number; readonly zero: number },
): Preprocessor<Int8Array> {
  return prepared(p, from, (x) => quantised(x, quant))
}

/** One float32 value as int8. */
export const quantised = (x: number, { scale, zero }: { readonly scale: number; readonly zero: number }): number =>
  Math.min(127, Math.max(-128, roundAway(Math.fround(x / Math.fround(scale))) + zero))
