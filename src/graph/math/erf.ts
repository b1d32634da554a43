/** The error function to about 1e-15: its Taylor series near zero, the continued fraction of its complement further out. */
export function erf(x: number): number {
  const a = Math.abs(x)
  if (a > 6) return Math.sign(x)
  return Math.sign(x) * (a < 2.5 ? series(a) : 1 - complement(a))
}

function series(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

/** erfc(x) = exp(-x^2) / (x sqrt(pi)) x 1 / (1 + k/(1 + 2k/(1 + 3k/…))) with k = 1 / (2 x^2), summed from its 60th term. */
function complement(x: number): number {
  const k = 1 / (2 * x * x)
  let tail = 1
  for (let n = 60; n > 0; n--) tail = 1 + (n * k) / tail
  return Math.exp(-x * x) / (x * Math.sqrt(Math.PI) * tail)
}
