/**
 * Batch normalisation over [rows, channels]: sums and what follows from them. Sums are taken of x - shift, shift being
 * a row of x or anything else near the mean: squares of x itself would cancel. A partition adds into sums of its own
 * [sum, sum of squares, its shift], vectors of `stride` floats (channels rounded up to 4); the end is taken in double.
 * A layer's state is five such vectors: scale, offset, mean, inverse deviation, variance.
 */

import { multiplyAdd, some } from './lanes.as'

@inline
export function strideOf(channels: i32): i32 {
  return ((channels + 3) & ~3) << 2
}

/** Rows that fit in half of a 32 KiB first-level cache together with what is computed of them. */
@inline
export function rowsAtOnce(channels: i32): i32 {
  return max(1, 2048 / channels)
}

/** Adds the sums of x - shift and of its square, rows `from` to `to`. */
export function normSums(x: usize, shift: usize, sums: usize, channels: i32, from: i32, to: i32): void {
  const row = channels << 2, stride = strideOf(channels), step = rowsAtOnce(channels)
  for (let start = from; start < to; start += step) {
    const end = min(start + step, to)
    for (let c = 0; c < row; c += 16) {
      const s = v128.load(shift + c)
      let a0 = f32x4.splat(0), a1 = f32x4.splat(0), b0 = f32x4.splat(0), b1 = f32x4.splat(0)
      let p = x + start * row + c
      let r = start
      for (; r + 1 < end; r += 2) {
        const u = f32x4.sub(v128.load(p), s), v = f32x4.sub(v128.load(p + row), s)
        p += row << 1
        a0 = f32x4.add(a0, u)
        b0 = multiplyAdd(u, u, b0)
        a1 = f32x4.add(a1, v)
        b1 = multiplyAdd(v, v, b1)
      }
      if (r < end) {
        const u = f32x4.sub(v128.load(p), s)
        a0 = f32x4.add(a0, u)
        b0 = multiplyAdd(u, u, b0)
      }
      const q = sums + c
      v128.store(q, f32x4.add(v128.load(q), f32x4.add(a0, a1)))
      v128.store(q + stride, f32x4.add(v128.load(q + stride), f32x4.add(b0, b1)))
    }
  }
}

/** One float of a sum over partitions that lie `apart` bytes from one another, in double. */
@inline
export function total(p: usize, parts: i32, apart: i32): f64 {
  let sum: f64 = 0
  for (let i = 0; i < parts; i++) sum += <f64>load<f32>(p + i * apart)
  return sum
}

/** From the sums of `rows` rows to the state; gamma or beta 0 where the layer has none. */
export function normState(sums: usize, parts: i32, apart: i32, rows: i32, shift: usize, gamma: usize, beta: usize, epsilon: f32, state: usize, channels: i32): void {
  const stride = strideOf(channels)
  for (let c = 0; c < channels << 2; c += 4) {
    const offset = total(sums + c, parts, apart) / <f64>rows
    const variance = max(0, total(sums + stride + c, parts, apart) / <f64>rows - offset * offset)
    writeState(state + c, stride, offset + <f64>load<f32>(shift + c), variance, gamma ? load<f32>(gamma + c) : 1, beta ? load<f32>(beta + c) : 0, epsilon)
  }
}

/** The same for partitions each with its own shift, merged as Chan, Golub and LeVeque (1979) do; partition p has images floor(images p / parts) on. */
export function normStateOfParts(sums: usize, parts: i32, apart: i32, images: i32, pixels: i32, gamma: usize, beta: usize, epsilon: f32, state: usize, channels: i32): void {
  const stride = strideOf(channels)
  for (let c = 0; c < channels << 2; c += 4) {
    let rows: f64 = 0, mean: f64 = 0, squares: f64 = 0
    for (let p = 0; p < parts; p++) {
      const q = sums + p * apart + c
      const own = <f64>(((images * (p + 1)) / parts - (images * p) / parts) * pixels)
      const sum: f64 = load<f32>(q)
      const apartBy = <f64>load<f32>(q + 2 * stride) + sum / own - mean
      rows += own
      mean += (apartBy * own) / rows
      squares += <f64>load<f32>(q + stride) - (sum * sum) / own + (apartBy * apartBy * own * (rows - own)) / rows
    }
    writeState(state + c, stride, mean, max(0, squares / rows), gamma ? load<f32>(gamma + c) : 1, beta ? load<f32>(beta + c) : 0, epsilon)
  }
}

/** The state for inference, from the moving statistics. */
export function normStateOf(mean: usize, variance: usize, gamma: usize, beta: usize, epsilon: f32, state: usize, channels: i32): void {
  const stride = strideOf(channels)
  for (let c = 0; c < channels << 2; c += 4) {
    writeState(state + c, stride, load<f32>(mean + c), load<f32>(variance + c), gamma ? load<f32>(gamma + c) : 1, beta ? load<f32>(beta + c) : 0, epsilon)
  }
}

@inline
function writeState(p: usize, stride: i32, mean: f64, variance: f64, gamma: f64, beta: f64, epsilon: f64): void {
  const inverse = 1 / sqrt(variance + epsilon)
  store<f32>(p, <f32>(gamma * inverse))
  store<f32>(p + stride, <f32>(beta - mean * gamma * inverse))
  store<f32>(p + 2 * stride, <f32>mean)
  store<f32>(p + 3 * stride, <f32>inverse)
  store<f32>(p + 4 * stride, <f32>variance)
}

/** moving -= (1 - momentum) (moving - batch), of mean and variance, as Keras and tfjs do (population variance). */
export function normMoving(mean: usize, variance: usize, state: usize, momentum: f32, channels: i32): void {
  const stride = strideOf(channels)
  for (let c = 0; c < channels << 2; c += 4) {
    const m = load<f32>(mean + c), v = load<f32>(variance + c)
    store<f32>(mean + c, m - (m - load<f32>(state + 2 * stride + c)) * (1 - momentum))
    store<f32>(variance + c, v - (v - load<f32>(state + 4 * stride + c)) * (1 - momentum))
  }
}

/**
 * From the sums of du and of du (y - mean) to the gradients of gamma and beta (0 where the layer has none) and the three
 * factors of normGradient.
 */
export function normFactors(sums: usize, parts: i32, apart: i32, rows: i32, gamma: usize, state: usize, factors: usize, gradGamma: usize, gradBeta: usize, channels: i32): void {
  const stride = strideOf(channels)
  for (let c = 0; c < channels << 2; c += 4) {
    const inverse: f64 = load<f32>(state + 3 * stride + c)
    const sum = total(sums + c, parts, apart)
    const along = total(sums + stride + c, parts, apart) * inverse
    if (gradGamma) store<f32>(gradGamma + c, <f32>along)
    if (gradBeta) store<f32>(gradBeta + c, <f32>sum)
    const a = inverse * (gamma ? <f64>load<f32>(gamma + c) : 1)
    const b = -a * along * inverse / <f64>rows
    store<f32>(factors + c, <f32>a)
    store<f32>(factors + stride + c, <f32>b)
    store<f32>(factors + 2 * stride + c, <f32>(-a * sum / <f64>rows - b * <f64>load<f32>(state + 2 * stride + c)))
  }
}

/** dy = a du + b y + d, rows `from` to `to`; dy may be du. */
export function normGradient(du: usize, y: usize, factors: usize, dy: usize, channels: i32, from: i32, to: i32): void {
  const row = channels << 2, stride = strideOf(channels), full = row & ~15
  for (let r = from; r < to; r++) {
    const o = r * row
    let c = 0
    for (; c < full; c += 16) v128.store(dy + o + c, gradientAt(du + o + c, y + o + c, factors + c, stride))
    if (c < row) some(dy + o + c, gradientAt(du + o + c, y + o + c, factors + c, stride), channels & 3)
  }
}

@inline
function gradientAt(du: usize, y: usize, f: usize, stride: i32): v128 {
  return multiplyAdd(v128.load(du), v128.load(f), multiplyAdd(v128.load(y), v128.load(f + stride), v128.load(f + 2 * stride)))
}
