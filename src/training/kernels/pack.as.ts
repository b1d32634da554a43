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

/** Panels `from` to `to` of the kernel of the input gradient: w [taps, inputs, outputs] becomes [taps mirrored, outputs, inputs]. */
export function packMirrored(w: usize, panels: usize, taps: i32, inputs: i32, outputs: i32, from: i32, to: i32): void {
  const rows = taps * outputs
  for (let panel = from; panel < to; panel++) {
    let q = panels + panel * ((rows + 1) << 5)
    memory.fill(q, 0, 32)
    for (let t = taps - 1; t >= 0; t--) {
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

/** The taps of a depthwise kernel w [taps, channels] in mirrored order. */
export function mirrorTaps(w: usize, to: usize, taps: i32, channels: i32): void {
  for (let t = 0; t < taps; t++) memory.copy(to + t * (channels << 2), w + (taps - 1 - t) * (channels << 2), channels << 2)
}
