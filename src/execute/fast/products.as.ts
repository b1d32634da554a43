/** Sums of products of values that come together, in double, each in the order of the windows. */

/**
 * sums[i][j] += x[w][i] * x[w][j] for j from the block of i on, over `windows` windows of `depth` doubles, a multiple of four: tiles of
 * four by four, the diagonal's whole.
 */
export function products(sums: usize, x: usize, windows: i32, depth: i32): void {
  const row = depth << 3
  const end = x + windows * row
  for (let i = 0; i < row; i += 32) {
    for (let j = i; j < row; j += 32) {
      const at = sums + (i >> 3) * row + j
      let a0 = v128.load(at)
      let b0 = v128.load(at, 16)
      let a1 = v128.load(at + row)
      let b1 = v128.load(at + row, 16)
      let a2 = v128.load(at + 2 * row)
      let b2 = v128.load(at + 2 * row, 16)
      let a3 = v128.load(at + 3 * row)
      let b3 = v128.load(at + 3 * row, 16)
      for (let q = x; q < end; q += row) {
        const a = v128.load(q + j)
        const b = v128.load(q + j, 16)
        let v = v128.load64_splat(q + i)
        a0 = f64x2.add(a0, f64x2.mul(v, a))
        b0 = f64x2.add(b0, f64x2.mul(v, b))
        v = v128.load64_splat(q + i, 8)
        a1 = f64x2.add(a1, f64x2.mul(v, a))
        b1 = f64x2.add(b1, f64x2.mul(v, b))
        v = v128.load64_splat(q + i, 16)
        a2 = f64x2.add(a2, f64x2.mul(v, a))
        b2 = f64x2.add(b2, f64x2.mul(v, b))
        v = v128.load64_splat(q + i, 24)
        a3 = f64x2.add(a3, f64x2.mul(v, a))
        b3 = f64x2.add(b3, f64x2.mul(v, b))
      }
      v128.store(at, a0)
      v128.store(at, b0, 16)
      v128.store(at + row, a1)
      v128.store(at + row, b1, 16)
      v128.store(at + 2 * row, a2)
      v128.store(at + 2 * row, b2, 16)
      v128.store(at + 3 * row, a3)
      v128.store(at + 3 * row, b3, 16)
    }
  }
}

/** The same for each channel by itself, j from i on: windows are [depth][channels], sums [depth][depth][channels], an even number of channels. */
export function channelProducts(sums: usize, x: usize, windows: i32, depth: i32, channels: i32): void {
  const row = channels << 3
  const window = depth * row
  const end = x + windows * window
  for (let i = 0; i < depth; i++) {
    for (let j = i; j < depth; j++) {
      const at = sums + (i * depth + j) * row
      for (let c = 0; c < row; c += 16) {
        let sum = v128.load(at + c)
        const other = (j - i) * row
        for (let q = x + i * row + c; q < end; q += window) sum = f64x2.add(sum, f64x2.mul(v128.load(q), v128.load(q + other)))
        v128.store(at + c, sum)
      }
    }
  }
}
