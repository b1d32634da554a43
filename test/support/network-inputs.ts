/** Seeded int8 inputs for whole networks: noise, and coarse blocks that saturate. */
import { type Shape, size } from '../../src/graph/ir/graph.ts'
import { bits, key } from '../../src/graph/math/random.ts'

export const networkInputs = 8

export function networkInput(n: number, shape: Shape): Int8Array {
  const stream = key(n, 'test', 77)
  const coarse = n % 2 === 1
  return Int8Array.from({ length: size(shape) }, (_, i) => {
    if (!coarse) return bits(stream, i) & 255
    return [-128, 127, 0][bits(stream, Math.floor(i / 96)) % 3]!
  })
}
