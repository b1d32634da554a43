/**
 * How hard the embedded signs are to read: every range that an image is drawn from, in one place. Lengths are pixels of the 32 x 32 image.
 * Ranges marked "rarely" run from the usual to the extreme: most images are easy, so that a small network soon learns the pictograms
 * from 300 images a class, and a tail is hard, so that it does not learn all of them.
 */
import type { Range } from './draws.ts'

export const severity = {
  /** Half-width of the sign; rarely small. */
  radius: [15.4, 9.5],
  /** How far the sign's centre stands from the image's, each way. */
  offset: [-1.5, 1.5],
  /** Turns about the three axes: in the image plane, sideways, up and down. */
  roll: [-0.03, 0.03],
  yaw: [-0.09, 0.09],
  pitch: [-0.05, 0.05],
  /** Sign half-widths over the viewing distance: how strongly a tilted sign tapers. */
  nearness: [0.05, 0.3],

  /** How far the sign's colours have faded towards grey (rarely far), and how far each channel strays. */
  fading: [0, 0.5],
  hue: [-0.05, 0.05],

  /** A part of another sign at the edge. */
  fragment: { chance: 0.3, radius: [8, 14], gap: [1.05, 1.35] },
  pole: { chance: 0.7, width: [1.2, 3] },

  /** Leaves over the rim, in clusters. */
  leaves: { chance: 0.2, count: [3, 9], radius: [1, 3], spread: [2, 4.5] },
  /** A sticker on the sign; sizes are shares of the half-width. */
  sticker: { chance: 0.2, size: [0.1, 0.36], at: [-0.7, 0.7] },
  /** Snow from the top down to this height of the sign, -1 to 1. */
  snow: { chance: 0.1, until: [-0.8, -0.15] },
  /** A post in front. */
  post: { chance: 0.1, width: [1.5, 4.5] },
  /** Dirt on the sign: how dark, and the size of its patches. */
  dirt: { chance: 0.5, depth: [0.1, 0.5], cell: [2, 7] },

  /** Light over all, before the sensor; rarely dark. */
  gain: [1.1, 0.22],
  /** Relative change from one side of the image to the other; rarely steep. */
  gradient: [0, 0.9],
  cast: [-0.1, 0.1],
  shadow: { chance: 0.3, depth: [0.2, 0.55], softness: [0.5, 4] },
  /** Contrast lost to fog or a dirty lens; rarely much. */
  haze: [0, 0.65],
  /** Towards the square (dark) below 0, towards the square root (bright) above. */
  gamma: [-0.35, 0.5],
  glare: { chance: 0.1, radius: [5, 12], strength: [0.15, 0.6] },

  /** Radius of the blur disc, rarely wide; the length of a motion streak. */
  blur: [0.1, 2],
  motion: { chance: 0.2, length: [1, 4] },
  /** Standard deviation of the sensor's noise, of 1; rarely loud. */
  noise: [0.003, 0.08],
} as const satisfies Record<string, Range | Readonly<Record<string, Range | number>>>
