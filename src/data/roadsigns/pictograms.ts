/** The pictograms of the signs, drawn for Peapod as polygons and strokes. */
import { mirrored, type Points, placed, type Shape, turned } from './shapes.ts'

const strokes = (width: number, ...paths: readonly Points[]): Shape[] => paths.map((stroke) => ({ stroke, width }))

/** Digits in a box of -18 to 18 by -34 to 34. */
const digits: Readonly<Record<string, readonly Shape[]>> = {
  '0': strokes(13, [0, -34, 11, -31, 17, -18, 17, 18, 11, 31, 0, 34, -11, 31, -17, 18, -17, -18, -11, -31, 0, -34]),
  '3': strokes(13, [-17, -27, -8, -34, 7, -34, 16, -27, 16, -12, 8, -3, -4, -3], [7, -3, 17, 7, 17, 25, 8, 34, -8, 34, -18, 26]),
  '5': strokes(13, [16, -34, -13, -34, -16, -4, -6, -10, 8, -9, 17, 1, 17, 23, 8, 34, -8, 34, -18, 27]),
  '6': strokes(13, [12, -34, -3, -23, -14, -4, -17, 15, -11, 29, 0, 34, 11, 29, 17, 16, 13, 2, 3, -4, -7, -1, -15, 9]),
  '8': strokes(
    13,
    [0, -34, 11, -31, 15, -20, 11, -8, 0, -3, -11, -8, -15, -20, -11, -31, 0, -34],
    [0, -3, 13, 4, 17, 16, 13, 29, 0, 34, -13, 29, -17, 16, -13, 4, 0, -3],
  ),
}

/** Capitals in a box of -14 to 14 by -28 to 28. */
const letters: Readonly<Record<string, readonly Shape[]>> = {
  S: strokes(10, [13, -21, 6, -28, -6, -28, -13, -20, -12, -8, 12, 6, 13, 20, 6, 28, -6, 28, -14, 21]),
  T: strokes(10, [-15, -28, 15, -28], [0, -28, 0, 28]),
  O: strokes(10, [0, -28, 10, -24, 14, -12, 14, 12, 10, 24, 0, 28, -10, 24, -14, 12, -14, -12, -10, -24, 0, -28]),
  P: strokes(10, [-12, 28, -12, -28, 5, -28, 13, -22, 13, -6, 5, 1, -12, 1]),
}

/** Characters beside each other, `pitch` apart. */
const line = (set: Readonly<Record<string, readonly Shape[]>>, text: string, pitch: number, scale = 1): Shape[] =>
  [...text].flatMap((c, i) => placed(set[c]!, (i - (text.length - 1) / 2) * pitch, 0, scale))

export const number = (text: string): Shape[] => line(digits, text, 56, 1.16)
export const stopText = line(letters, 'STOP', 42)

export const bar: Shape[] = [{ polygon: [-70, -17, 70, -17, 70, 17, -70, 17] }]

export const exclamation: Shape[] = [{ polygon: [-12, -44, 12, -44, 8, 18, -8, 18] }, { disc: [0, 39, 11] }]

export const curveLeft: Shape[] = [...strokes(18, [24, 50, 24, 24, 16, 10, 4, -1, -6, -9]), { polygon: [-31, -31, 12, -27, -25, 14] }]
export const curveRight = mirrored(curveLeft)

export const crossroads = strokes(18, [-30, -16, 30, 44], [30, -16, -30, 44])

/** A walking figure in a box of -20 to 20 by -40 to 40. */
const walker: Shape[] = [
  { disc: [3, -33, 8] },
  ...strokes(13, [1, -19, -1, 4]),
  ...strokes(8.5, [0, 4, 10, 19, 14, 38], [-1, 4, -7, 21, -19, 35], [2, -18, 12, -5, 19, 0], [0, -18, -11, -8, -15, 2]),
]
/** Two children, one a step ahead. */
export const children: Shape[] = [...placed(walker, -24, 20, 0.84), ...placed(walker, 20, 10, 1.02)]

export const turnLeft: Shape[] = [...strokes(24, [22, 56, 22, 8, 16, -4, 4, -9, -22, -9]), { polygon: [-66, -9, -22, -45, -22, 27] }]
export const turnRight = mirrored(turnLeft)

export const keepRight: Shape[] = [...strokes(24, [-42, -42, 20, 20]), { polygon: [52, 52, 52, -10, -10, 52] }]

const third: Shape[] = [...strokes(17, [-40, 23, -46, 6, -44, -14, -32, -33, -15, -44]), { polygon: [18, -50, -17, -69, -12, -22] }]
export const roundabout: Shape[] = [...third, ...turned(third, 1 / 3), ...turned(third, 2 / 3)]

const car: Shape[] = [
  { polygon: [-18, -6, -12, -25, 12, -25, 18, -6, 22, 0, 22, 16, -22, 16, -22, 0], grow: 1 },
  { polygon: [-21, 16, -11, 16, -11, 25, -21, 25] },
  { polygon: [11, 16, 21, 16, 21, 25, 11, 25] },
]
export const carLeft = placed(car, -30, 2)
export const carRight = placed(car, 30, 2)
const windscreen: Shape[] = [{ polygon: [-11, -7, -7, -19, 7, -19, 11, -7] }]
export const windscreens = [...placed(windscreen, -30, 2), ...placed(windscreen, 30, 2)]

/** Lines from lower left to upper right. */
export const released = [-27, -9, 9, 27].flatMap((d) => strokes(11, [-52 + d, 52 + d, 52 + d, -52 + d]))

export const crossingGround: Shape[] = [{ polygon: [0, -70, 74, 62, -74, 62] }]
export const crossing: Shape[] = [
  ...placed(walker, 0, 9, 0.92),
  ...[-48, -24, 0, 24, 48].map((x): Shape => ({ polygon: [x - 8, 50, x + 8, 50, x + 9, 57, x - 9, 57] })),
]
