/** Sine and cosine of an angle in turns from + and * alone: Math.sin may differ in its last bit between engines, and images must not. */

const tau = 6.283185307179586

/** Sine of `turns` full turns; Taylor's series to the 13th power on a quarter turn, within 1e-8. */
export function sine(turns: number): number {
  let t = turns - Math.floor(turns + 0.5)
  if (t > 0.25) t = 0.5 - t
  else if (t < -0.25) t = -0.5 - t
  const x = t * tau
  const y = x * x
  return x * (1 - (y / 6) * (1 - (y / 20) * (1 - (y / 42) * (1 - (y / 72) * (1 - (y / 110) * (1 - y / 156))))))
}

export const cosine = (turns: number): number => sine(turns + 0.25)
