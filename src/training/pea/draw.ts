/** The Bernoulli draw of Eq. 3: which elements of a tensor take ReLU at this step. */
import { bits, key } from '../../graph/math/random.ts'

/** The key of one ensemble's draws at one step: the same in the forward pass, in the gradient, and in every backend. */
export const drawKey = (seed: number, stream: number, step: number): number => key(seed, 'ensemble', stream, step)

/** The draw is ReLU where its 16 bits are below this: alpha to 2^-17. Kernels take this number. */
export const threshold = (alpha: number): number => Math.round(alpha * 0x10000)

/** The 16 bits of an element: half `element & 1` of word `element >> 1`, the lower one first. */
export const drawOf = (streamKey: number, element: number): number => (bits(streamKey, element >>> 1) >>> (16 * (element & 1))) & 0xffff

/** 1 where ReLU was drawn, with probability alpha, and 0 elsewhere; `length` elements. */
export function drawRelu(streamKey: number, alpha: number, length: number): Uint8Array {
  const below = threshold(alpha)
  const drawn = new Uint8Array(length)
  for (let element = 0; element < length; element++) drawn[element] = drawOf(streamKey, element) < below ? 1 : 0
  return drawn
}
