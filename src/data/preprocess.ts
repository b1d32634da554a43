/** The preprocessing contract: written once, carried in the model file's metadata, applied in training, calibration, evaluation and on a device. */
import { z } from 'zod'
import { UserError } from '../errors.ts'
import type { Split } from './define.ts'

/** From a uint8 RGB image to the network's input: resize, reorder, then x = (pixel * scale - mean[c]) / deviation[c]. */
export type Preprocess = {
  readonly height: number
  readonly width: number
  readonly colour: 'rgb' | 'bgr' | 'grey'
  readonly resize: 'none' | 'bilinear'
  readonly scale: number
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

/** The key of the contract in a model file's metadata. */
export const preprocessKey = 'peapod.preprocess'

export const channelsOf = ({ colour }: Pick<Preprocess, 'colour'>): number => (colour === 'grey' ? 1 : 3)

const finite = z.number()
/** The contract as data from outside: a project file, a model's metadata. */
export const preprocessSchema = z
  .strictObject({
    height: z.int().min(1).max(4096),
    width: z.int().min(1).max(4096),
    colour: z.enum(['rgb', 'bgr', 'grey']),
    resize: z.enum(['none', 'bilinear']),
    scale: finite.positive(),
    mean: z.array(finite).max(3),
    deviation: z.array(finite.positive()).max(3),
  })
  .refine(
    (p) => p.mean.length === channelsOf(p) && p.deviation.length === channelsOf(p),
    'mean and deviation must have a number for each channel',
  )

export const encodePreprocess = (p: Preprocess): string => JSON.stringify(preprocessSchema.parse(p))

/** Reads what `encodePreprocess` wrote. Throws the UserError `bad-preprocess` for anything else. */
export function decodePreprocess(text: string): Preprocess {
  const refuse = (found: string) =>
    new UserError('bad-preprocess', `the metadata ${preprocessKey} does not say how to prepare an image`, {
      found,
      expected: '{ height, width, colour, resize, scale, mean, deviation }',
      hint: 'the model file was not written by Peapod, or was changed since',
    })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw refuse((error as Error).message)
  }
  const parsed = preprocessSchema.safeParse(json)
  if (!parsed.success) throw refuse(z.prettifyError(parsed.error).replaceAll('\n', ' '))
  return parsed.data
}

const rounded = (value: number) => Math.round(value * 10_000) / 10_000

/**
 * The usual contract of a training split: RGB of the split's own size, pixels over 255, each channel brought to mean 0 and deviation 1.
 * Both are rounded to four decimals; the sums are of whole numbers, so every machine finds the same.
 */
export function standardise(split: Split): Preprocess {
  const [height, width, channels] = split.shape
  const image = new Uint8Array(height * width * channels)
  const [sums, squares] = [new Float64Array(channels), new Float64Array(channels)]
  for (let i = 0; i < split.count; i++) {
    split.read(i, image, 0)
    for (let at = 0; at < image.length; at++) {
      const [pixel, c] = [image[at]!, at % channels]
      sums[c] = sums[c]! + pixel
      squares[c] = squares[c]! + pixel * pixel
    }
  }
  const pixels = split.count * height * width
  const mean = Array.from(sums, (sum) => rounded(sum / pixels / 255))
  const deviation = Array.from(
    squares,
    (square, c) => rounded(Math.sqrt(Math.max(0, square / pixels - (sums[c]! / pixels) ** 2)) / 255) || 1,
  )
  return { height, width, colour: channels === 1 ? 'grey' : 'rgb', resize: 'none', scale: 1 / 255, mean, deviation }
}
