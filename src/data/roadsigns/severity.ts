/** How hard the embedded signs are to read: every range that an image is drawn from, in one place. Lengths are pixels of the 32 x 32 image. */
import type { Range } from './draws.ts'

export const severity = {
  /** Half-width of the sign. */
  radius: [8.5, 15],
  /** How far the sign's centre stands from the image's, each way. */
  offset: [-2.4, 2.4],
  /** Turns about the three axes: in the image plane, sideways, up and down. */
  roll: [-0.035, 0.035],
  yaw: [-0.125, 0.125],
  pitch: [-0.07, 0.07],
  /** Sign half-widths over the viewing distance: how strongly a tilted sign tapers. */
  nearness: [0.05, 0.3],

  /** How far the sign's colours have faded towards grey, and how far each channel strays. */
  fading: [0, 0.35],
  hue: [-0.05, 0.05],

  /** A part of another sign at the edge. */
  fragment: { chance: 0.3, radius: [8, 14], gap: [1.05, 1.35] },
  pole: { chance: 0.7, width: [1.2, 3] },

  /** Leaves over the rim, in clusters. */
  leaves: { chance: 0.25, count: [3, 9], radius: [1, 3.2], spread: [2, 5] },
  /** A sticker on the sign; sizes are shares of the half-width. */
  sticker: { chance: 0.25, size: [0.12, 0.34], at: [-0.6, 0.6] },
  /** Snow from the top down to this height of the sign, -1 to 1. */
  snow: { chance: 0.12, until: [-0.7, -0.2] },
  /** A post in front. */
  post: { chance: 0.12, width: [1.5, 4.5] },
  /** Dirt on the sign: how dark, and the size of its patches. */
  dirt: { chance: 0.5, depth: [0.1, 0.6], cell: [2, 7] },

  /** Light over all, before the sensor. */
  gain: [0.4, 1.2],
  /** Relative change from one side of the image to the other. */
  gradient: [0, 0.7],
  cast: [-0.1, 0.1],
  shadow: { chance: 0.3, depth: [0.2, 0.55], softness: [0.5, 4] },
  /** Contrast lost to fog or a dirty lens. */
  haze: [0, 0.45],
  /** Towards the square (dark) below 0, towards the square root (bright) above. */
  gamma: [-0.35, 0.5],
  glare: { chance: 0.1, radius: [5, 12], strength: [0.15, 0.55] },

  /** Radius of the blur disc; the length of a motion streak. */
  blur: [0.3, 1.5],
  motion: { chance: 0.3, length: [1, 3.5] },
  /** Standard deviation of the sensor's noise, of 1. */
  noise: [0.005, 0.045],
} as const satisfies Record<string, Range | Readonly<Record<string, Range | number>>>
