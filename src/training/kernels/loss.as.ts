/**
 * Softmax cross-entropy with uniform label smoothing (Szegedy et al. 2016), rows `from` to `to` of logits [rows, classes]:
 * target (1 - smoothing) at the label plus smoothing / classes everywhere. A label of -1 is ignored. Gives the gradient,
 * scaled by the f32 at `scale` (1 / number of labels that count), and adds to result [sum of losses f64, correct f64].
 */

import { exp, log, some } from './lanes.as'

export function crossEntropy(logits: usize, labels: usize, gradient: usize, scale: usize, smoothing: f32, classes: i32, result: usize, from: i32, to: i32): void {
  const row = classes << 2, share = load<f32>(scale), even = smoothing / <f32>classes
  for (let r = from; r < to; r++) {
    const p = logits + r * row, g = gradient + r * row, label = load<i32>(labels + (r << 2))
    if (label < 0) {
      memory.fill(g, 0, row)
      continue
    }
    let largest = load<f32>(p)
    let best = 0
    let sum: f64 = 0
    for (let c = 0; c < classes; c++) {
      const v = load<f32>(p + (c << 2))
      sum += <f64>v
      if (v > largest) {
        largest = v
        best = c
      }
    }
    const shift = f32x4.splat(largest)
    for (let c = 0; c < row; c += 16) some(g + c, exp(f32x4.sub(v128.load(p + c), shift)), (row - c) >> 2)
    let whole: f64 = 0
    for (let c = 0; c < row; c += 4) whole += <f64>load<f32>(g + c)
    const normaliser = log(whole) + <f64>largest
    const loss = normaliser - (1 - <f64>smoothing) * <f64>load<f32>(p + (label << 2)) - <f64>even * sum
    const factor = <f32>(<f64>share / whole)
    for (let c = 0; c < row; c += 4) store<f32>(g + c, load<f32>(g + c) * factor - even * share)
    const at = g + (label << 2)
    store<f32>(at, load<f32>(at) - (1 - smoothing) * share)
    store<f64>(result, load<f64>(result) + loss)
    if (best == label) store<f64>(result, load<f64>(result, 8) + 1, 8)
  }
}
