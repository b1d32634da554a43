/** Kernels of Winograd's F(2, 3) (winograd.as.ts): a product panel a position, of transformed weights G g. */

/** Three taps become four, `step` bytes apart. */
@inline
function spread(q: usize, step: i32, a: f32, b: f32, c: f32): void {
  const ends: f32 = 0.5 * (a + c)
  store<f32>(q, a)
  store<f32>(q + step, ends + 0.5 * b)
  store<f32>(q + 2 * step, ends - 0.5 * b)
  store<f32>(q + 3 * step, c)
}

/**
 * Panels `from` to `to` of each position. Tap t of row i and column j lies at w + t tapStep + i rowStep + j columnStep, so that steps
 * backwards make the mirrored kernel of the input gradient. The bias enters where a one reaches every output of a tile: position 1 of an axis.
 */
export function packTiles(w: usize, bias: usize, panels: usize, rows: i32, columns: i32, tapStep: i32, rowStep: i32, columnStep: i32, tall: i32, wide: i32, from: i32, to: i32): void {
  const plane = ((columns + 7) >> 3) * ((rows + 1) << 5)
  const across = 1 + 3 * wide, down = 1 + 3 * tall, taps = 1 + 2 * wide
  for (let panel = from; panel < to; panel++) for (let j = 0; j < 8; j++) {
    const column = panel * 8 + j
    const known = column < columns
    let q = panels + panel * ((rows + 1) << 5) + (j << 2)
    for (let p = 0; p < down * across; p++) store<f32>(q + p * plane, 0)
    if (known && bias) store<f32>(q + (tall * across + wide) * plane, load<f32>(bias + (column << 2)))
    for (let i = 0; i < rows; i++) {
      q += 32
      const g = w + i * rowStep + column * columnStep
      for (let v = 0; v < taps; v++) {
        const a: f32 = known ? load<f32>(g + v * tapStep) : 0
        if (!tall) store<f32>(q + v * plane, a)
        else spread(q + v * plane, across * plane, a, known ? load<f32>(g + (v + taps) * tapStep) : 0, known ? load<f32>(g + (v + 2 * taps) * tapStep) : 0)
      }
      if (wide) for (let h = 0; h < down; h++) {
        const u = q + h * 4 * plane
        spread(u, plane, load<f32>(u), load<f32>(u + plane), load<f32>(u + 2 * plane))
      }
    }
  }
}
