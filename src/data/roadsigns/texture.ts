/** Value noise: random heights on a lattice, smoothly joined, in octaves. */
import { bits } from '../../graph/math/random.ts'

const height = (stream: number, column: number, row: number) => (bits(stream, Math.imul(row, 4096) + column) >>> 8) / 0x1000000
const ease = (t: number) => t * t * (3 - 2 * t)

function octave(stream: number, x: number, y: number): number {
  const left = Math.floor(x)
  const top = Math.floor(y)
  const fx = ease(x - left)
  const fy = ease(y - top)
  const upper = height(stream, left, top) * (1 - fx) + height(stream, left + 1, top) * fx
  const lower = height(stream, left, top + 1) * (1 - fx) + height(stream, left + 1, top + 1) * fx
  return upper * (1 - fy) + lower * fy
}

/** In [0, 1]; `cell` is the size of the coarsest patch, in pixels; each octave halves the size and the weight. */
export function texture(stream: number, x: number, y: number, cell: number, octaves: number): number {
  let sum = 0
  let weight = 1
  let total = 0
  for (let o = 0, scale = 1 / cell; o < octaves; o++, scale *= 2, weight /= 2) {
    sum += weight * octave(stream + o, x * scale, y * scale)
    total += weight
  }
  return sum / total
}
