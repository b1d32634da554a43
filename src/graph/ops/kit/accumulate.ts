/** Sums of products over a window, for convolutions: one patch of the image at a time, several output channels at once. */
import type { Elements } from '../../ir/graph.ts'
import type { Window } from '../../math/window.ts'

type Patch = Int16Array | Float32Array

/** Copies the pixels under a window into `patch`, tap by tap, less `zero`; what lies outside the image counts as `zero`. */
export function lift(x: Elements, w: Window, channels: number, zero: number, image: number, y: number, left: number, patch: Patch): void {
  let at = 0
  for (let ky = 0; ky < w.kernelH; ky++) {
    const row = y + ky * w.dilationH
    for (let kx = 0; kx < w.kernelW; kx++) {
      const column = left + kx * w.dilationW
      if (row < 0 || row >= w.inH || column < 0 || column >= w.inW) {
        patch.fill(0, at, at + channels)
        at += channels
      } else {
        let from = ((image * w.inH + row) * w.inW + column) * channels
        for (let c = 0; c < channels; c++) patch[at++] = x[from++]! - zero
      }
    }
  }
}

/** sums[o] += patch . weights[o], in wrapping int32. */
export function integerProducts(patch: Int16Array, weights: Elements, depth: number, sums: Int32Array): void {
  const outputs = sums.length
  let o = 0
  for (; o + 3 < outputs; o += 4) {
    let [a, b, c, d] = [0, 0, 0, 0]
    let [p, q, r, s] = [o * depth, (o + 1) * depth, (o + 2) * depth, (o + 3) * depth]
    for (let k = 0; k < depth; k++) {
      const v = patch[k]!
      a = (a + Math.imul(v, weights[p++]!)) | 0
      b = (b + Math.imul(v, weights[q++]!)) | 0
      c = (c + Math.imul(v, weights[r++]!)) | 0
      d = (d + Math.imul(v, weights[s++]!)) | 0
    }
    sums[o]! += a
    sums[o + 1]! += b
    sums[o + 2]! += c
    sums[o + 3]! += d
  }
  for (; o < outputs; o++) {
    let a = 0
    for (let k = 0, p = o * depth; k < depth; k++) a = (a + Math.imul(patch[k]!, weights[p++]!)) | 0
    sums[o]! += a
  }
}

/** sums[o] += patch . weights[o], in double, each in the order of `k`; eight at once take two thirds of the time of four. */
export function realProducts(patch: Float32Array, weights: Elements, depth: number, sums: Float64Array): void {
  const outputs = sums.length
  let o = 0
  for (; o + 7 < outputs; o += 8) {
    let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0]
    const p = o * depth
    const [q, r, s, t, u, v, w] = [p + depth, p + 2 * depth, p + 3 * depth, p + 4 * depth, p + 5 * depth, p + 6 * depth, p + 7 * depth]
    for (let k = 0; k < depth; k++) {
      const x = patch[k]!
      a += x * weights[p + k]!
      b += x * weights[q + k]!
      c += x * weights[r + k]!
      d += x * weights[s + k]!
      e += x * weights[t + k]!
      f += x * weights[u + k]!
      g += x * weights[v + k]!
      h += x * weights[w + k]!
    }
    sums[o]! += a
    sums[o + 1]! += b
    sums[o + 2]! += c
    sums[o + 3]! += d
    sums[o + 4]! += e
    sums[o + 5]! += f
    sums[o + 6]! += g
    sums[o + 7]! += h
  }
  for (; o < outputs; o++) {
    let sum = 0
    for (let k = 0, p = o * depth; k < depth; k++) sum += patch[k]! * weights[p++]!
    sums[o]! += sum
  }
}

/** The channels of one group out of a patch of all channels. */
export function groupOf<P extends Patch>(patch: P, channels: number, depth: number, group: number, into: P): P {
  for (let at = 0, from = group * depth; at < into.length; from += channels) for (let c = 0; c < depth; c++) into[at++] = patch[from + c]!
  return into
}
