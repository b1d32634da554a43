/**
 * Weights of matrix products as panels of 8 columns: [columns / 8][1 + rows][8], the first row being the bias. A panel is
 * read in order and stays in the first-level cache, and columns beyond the last are zero, so any count of them is correct.
 */

/** Panels `from` to `to` of w [rows, columns] with bias (or 0). */
export function pack(w: usize, bias: usize, panels: usize, rows: i32, columns: i32, from: i32, to: i32): void {
  for (let panel = from; panel < to; panel++) {
    let q = panels + panel * ((rows + 1) << 5)
    for (let k = -1; k < rows; k++) {
      for (let j = 0; j < 8; j++) {
        const column = panel * 8 + j
        let v: f32 = 0
        if (column < columns) v = k >= 0 ? load<f32>(w + ((k * columns + column) << 2)) : bias ? load<f32>(bias + (column << 2)) : 0
        store<f32>(q + (j << 2), v)
      }
      q += 32
    }
  }
}

/**
 * Panels `from` to `to` of the kernel of the input gradient: of w [kernelH, kernelW, inputs, outputs] the taps firstH, firstH + stepH …
 * (countH of them) by firstW …, mirrored, as [taps, outputs, inputs].
 */
export function packMirrored(w: usize, bias: usize, panels: usize, kernelW: i32, inputs: i32, outputs: i32, firstH: i32, stepH: i32, countH: i32, firstW: i32, stepW: i32, countW: i32, from: i32, to: i32): void {
  const rows = countH * countW * outputs
  for (let panel = from; panel < to; panel++) {
    let q = panels + panel * ((rows + 1) << 5)
    for (let j = 0; j < 8; j++) store<f32>(q + (j << 2), bias && panel * 8 + j < inputs ? load<f32>(bias + ((panel * 8 + j) << 2)) : 0)
    for (let h = countH - 1; h >= 0; h--) for (let v = countW - 1; v >= 0; v--) {
      const t = (firstH + h * stepH) * kernelW + firstW + v * stepW
      for (let o = 0; o < outputs; o++) {
        q += 32
        for (let j = 0; j < 8; j++) {
          const i = panel * 8 + j
          store<f32>(q + (j << 2), i < inputs ? load<f32>(w + (((t * inputs + i) * outputs + o) << 2)) : 0)
        }
      }
    }
  }
}

/** Of a depthwise kernel w [kernelH, kernelW, channels] the taps as in packMirrored, mirrored. */
export function mirrorTaps(w: usize, to: usize, kernelW: i32, channels: i32, firstH: i32, stepH: i32, countH: i32, firstW: i32, stepW: i32, countW: i32): void {
  const bytes = channels << 2
  let q = to
  for (let h = countH - 1; h >= 0; h--) for (let v = countW - 1; v >= 0; v--) {
    memory.copy(q, w + ((firstH + h * stepH) * kernelW + firstW + v * stepW) * bytes, bytes)
    q += bytes
  }
}
