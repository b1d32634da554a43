/**
 * A counter-based generator: each draw is a hash of (seed, purpose, stream, step, element), so threads, resuming and
 * the eager and the compiled step agree. The mixing steps are those of MurmurHash3's finaliser (Appleby, public domain).
 */

/** What a draw is for; one number each, so that no two uses share a stream. */
export const purposes = {
  weights: 1,
  shuffle: 2,
  augment: 3,
  ensemble: 4,
  dropout: 5,
  roadsigns: 6,
  calibration: 7,
  test: 8,
  arena: 9,
} as const
export type Purpose = keyof typeof purposes

/** Mixes a 32-bit word so that each bit of the input moves each bit of the output. */
export function mix(word: number): number {
  let h = word | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) | 0
}

/** The key of a stream of draws, a 32-bit integer; kernels take it as their seed. `stream` is a layer or sample, `step` an iteration. */
export const key = (seed: number, purpose: Purpose, stream = 0, step = 0): number =>
  mix(mix(mix(mix(seed) + purposes[purpose]) + Math.imul(stream, 0x9e3779b1)) + Math.imul(step, 0x85ebca77))

/** Draw `element` of a stream: 32 random bits, unsigned. AssemblyScript kernels compute the same. */
export const bits = (streamKey: number, element: number): number => mix(Math.imul(element, 0x9e3779b1) ^ streamKey) >>> 0

/** A number in [0, 1) with 24 bits. */
export const uniform = (streamKey: number, element: number): number => (bits(streamKey, element) >>> 8) / 0x1000000

/** A draw from the standard normal distribution (Box and Muller 1958); uses elements 2e and 2e + 1. */
export function normal(streamKey: number, element: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(streamKey, 2 * element)))
  return radius * Math.cos(2 * Math.PI * uniform(streamKey, 2 * element + 1))
}

/** A permutation of 0 … n-1 (Fisher and Yates). */
export function shuffled(streamKey: number, n: number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(uniform(streamKey, i) * (i + 1))
    const held = order[i]!
    order[i] = order[j]!
    order[j] = held
  }
  return order
}
