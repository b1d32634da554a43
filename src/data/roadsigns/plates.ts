/** The plates of the signs: outline, border and ground, from the outside in. */
import type { Shape } from './shapes.ts'

/** Colours as sRGB, 0 to 1. */
export const inks = {
  red: [0.76, 0.09, 0.14],
  blue: [0.03, 0.3, 0.64],
  yellow: [0.96, 0.74, 0.06],
  white: [0.93, 0.93, 0.92],
  black: [0.07, 0.07, 0.08],
  grey: [0.36, 0.36, 0.37],
} as const satisfies Record<string, readonly [number, number, number]>
export type Ink = keyof typeof inks

/** Shapes of one colour; later layers cover earlier ones. */
export type Layer = { readonly ink: Ink; readonly shapes: readonly Shape[] }

const disc = (ink: Ink, radius: number): Layer => ({ ink, shapes: [{ disc: [0, 0, radius] }] })
const filled = (ink: Ink, polygon: readonly number[], grow = 0): Layer => ({ ink, shapes: [{ polygon, grow }] })

const pointingUp = [0, -82, 82, 60, -82, 60]
const pointingDown = [0, 82, 82, -60, -82, -60]
const octagon = [-41, -99, 41, -99, 99, -41, 99, 41, 41, 99, -41, 99, -99, 41, -99, -41]
const diamond = [0, -88, 88, 0, 0, 88, -88, 0]
const square = [-84, -84, 84, -84, 84, 84, -84, 84]

export const plates = {
  prohibition: [disc('white', 100), disc('red', 97), disc('white', 75)],
  mandatory: [disc('white', 100), disc('blue', 95)],
  release: [disc('black', 100), disc('white', 95)],
  noEntry: [disc('white', 100), disc('red', 96)],
  danger: [filled('white', pointingUp, 13), filled('red', pointingUp, 11), filled('white', pointingUp, -4)],
  yield: [filled('white', pointingDown, 13), filled('red', pointingDown, 11), filled('white', pointingDown, -7)],
  stop: [filled('white', octagon), filled('red', octagon, -6)],
  priority: [filled('white', diamond, 10), filled('yellow', diamond, -17)],
  information: [filled('white', square, 12), filled('blue', square, 8)],
} as const satisfies Record<string, readonly Layer[]>
