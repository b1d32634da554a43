/** Which part of an image a training step sees: the draws of one sample in one epoch, and where each pixel comes from. */
import { key, uniform } from '../graph/math/random.ts'

export type Augmentation = {
  /** Pixels of padding on each side, 0 (the mean colour, once standardised); the crop has the image's size again. */
  readonly crop: number
  /** Whether to mirror every second image, by chance. */
  readonly mirror: boolean
  readonly seed: number
  /** The least share of the area that a part brought to the image's size has (Szegedy et al. 2015); its sides are 3:4 to 4:3. */
  readonly resizedCrop?: number | undefined
  /** The most pixels that an image moves, up or down and left or right; what comes in is 0. */
  readonly translate?: number | undefined
  /** The side of a square that is set to 0, in pixels (DeVries and Taylor 2017); it may stick out. */
  readonly cutout?: number | undefined
}

export type View = {
  /** Output pixel (y, x) is (y + down, x + right) of the part, mirrored from there on. */
  readonly down: number
  readonly right: number
  readonly flip: boolean
  /** The part of the image that is brought to the image's size; none: the whole. */
  readonly part: { readonly top: number; readonly left: number; readonly height: number; readonly width: number } | undefined
  /** Output pixels that are hidden. */
  readonly hole: { readonly top: number; readonly left: number; readonly side: number } | undefined
}

/** So many parts are tried before the whole image is taken. */
const tries = 10

/** The draws depend on (seed, sample, epoch) alone: not on the batch, the order or the thread. */
export function drawView([height, width]: readonly number[], options: Augmentation, sample: number, epoch: number): View {
  const { crop, mirror, seed, resizedCrop, translate = 0, cutout = 0 } = options
  const stream = key(seed, 'augment', sample, epoch)
  const shift = (element: number, most: number) => Math.floor(uniform(stream, element) * (2 * most + 1)) - most
  const below = (element: number, n: number) => Math.floor(uniform(stream, element) * n)
  const hole = cutout > 0 ? { top: below(5, height!) - (cutout >> 1), left: below(6, width!) - (cutout >> 1), side: cutout } : undefined
  return {
    down: shift(0, crop) + shift(3, translate),
    right: shift(1, crop) + shift(4, translate),
    flip: mirror && uniform(stream, 2) < 0.5,
    part: resizedCrop === undefined ? undefined : drawPart(stream, height!, width!, resizedCrop),
    hole,
  }
}

/** Only arithmetic that every machine rounds alike. */
function drawPart(stream: number, height: number, width: number, least: number): View['part'] {
  for (let t = 0; t < tries; t++) {
    const u = (n: number) => uniform(stream, 7 + 5 * t + n)
    const area = (least + u(0) * (1 - least)) * height * width
    const narrow = 0.75 + 0.25 * u(1)
    const ratio = u(2) < 0.5 ? narrow : 1 / narrow
    const [h, w] = [Math.round(Math.sqrt(area / ratio)), Math.round(Math.sqrt(area * ratio))]
    if (h < 1 || w < 1 || h > height || w > width) continue
    return { top: Math.floor(u(3) * (height - h + 1)), left: Math.floor(u(4) * (width - w + 1)), height: h, width: w }
  }
  return undefined
}

export const isHidden = ({ hole }: View, row: number, column: number): boolean =>
  hole !== undefined && row >= hole.top && row < hole.top + hole.side && column >= hole.left && column < hole.left + hole.side
