/** Lens and sensor: blur, motion, noise, eight bits. */
import { bits } from '../../graph/math/random.ts'
import { area, type Canvas, side } from './canvas.ts'
import type { Draws } from './draws.ts'
import { severity } from './severity.ts'
import { toSegment } from './shapes.ts'
import { cosine, sine } from './sine.ts'

const reach = 3
const width = 2 * reach + 1
const wide = side + 2 * reach

/** Reused for each plane of each image. */
const plane = new Float64Array(wide * wide)

/** Weights of a soft disc of the drawn radius, dragged along the drawn streak; they sum to 1. */
function spread(draw: Draws): Float64Array {
  const radius = draw.rarely(severity.blur) + 0.6
  const moves = draw.chance(severity.motion.chance)
  const [length, bearing] = [draw.within(severity.motion.length), draw.unit()]
  const half = moves ? length / 2 : 0
  const [dx, dy] = [half * cosine(bearing), half * sine(bearing)]
  const weights = new Float64Array(width * width)
  let total = 0
  for (let i = 0; i < weights.length; i++) {
    const far = toSegment((i % width) - reach, Math.floor(i / width) - reach, -dx, -dy, dx, dy) / radius
    const weight = far < 1 ? (1 - far * far) * (1 - far * far) : 0
    weights[i] = weight
    total += weight
  }
  return weights.map((weight) => weight / total)
}

/** One plane of the canvas with its edge pixels repeated outwards. */
function pad(canvas: Canvas, c: number): void {
  for (let row = 0; row < wide; row++) {
    const from = c * area + Math.min(side - 1, Math.max(0, row - reach)) * side
    for (let column = 0; column < wide; column++)
      plane[row * wide + column] = canvas[from + Math.min(side - 1, Math.max(0, column - reach))]!
  }
}

/** Sum of four uniform bytes, about its mean, over its standard deviation: nearly normal, and exact on any machine. */
function nearlyNormal(stream: number, element: number): number {
  const b = bits(stream, element)
  return ((b & 255) + ((b >>> 8) & 255) + ((b >>> 16) & 255) + (b >>> 24) - 510) / 147.8
}

/** Writes the picture as uint8 [32, 32, 3] at `offset`. */
export function expose(canvas: Canvas, draw: Draws, into: Uint8Array, offset: number): void {
  const weights = spread(draw)
  const taps: number[] = []
  for (let i = 0; i < weights.length; i++) if (weights[i]! > 0) taps.push(i)
  const steps = Int32Array.from(taps, (i) => Math.floor(i / width) * wide + (i % width))
  const shares = Float64Array.from(taps, (i) => weights[i]!)
  const [deviation, stream] = [draw.rarely(severity.noise), draw.stream()]
  for (let c = 0; c < 3; c++) {
    pad(canvas, c)
    for (let pixel = 0; pixel < area; pixel++) {
      const from = Math.floor(pixel / side) * wide + (pixel % side)
      let value = 0
      for (let t = 0; t < steps.length; t++) value += shares[t]! * plane[from + steps[t]!]!
      value += deviation * nearlyNormal(stream, pixel * 3 + c)
      into[offset + pixel * 3 + c] = Math.floor(Math.min(1, Math.max(0, value)) * 255 + 0.5)
    }
  }
}
