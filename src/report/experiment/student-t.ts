/** Student's t distribution for whole degrees of freedom: its interval by the closed sums, its quantile by halving. */

/** The probability that |T| is at most t (Abramowitz and Stegun 1972, 26.7.3 and 26.7.4). */
export function within(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom))
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)]
  const odd = freedom % 2 === 1
  let term = odd ? cosine : 1
  let sum = freedom === 1 ? 0 : term
  for (let k = odd ? 3 : 2; k < freedom; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine
    sum += term
  }
  return odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum
}

/** The t whose two-sided interval has this share, such as 12.706 for 0.95 and one degree of freedom. */
export function studentT(share: number, freedom: number): number {
  let [low, high] = [0, 1]
  while (within(high, freedom) < share) high *= 2
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (within(middle, freedom) < share) low = middle
    else high = middle
  }
  return high
}
