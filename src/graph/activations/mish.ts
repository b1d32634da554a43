/** x tanh(ln(1 + exp x)) (Misra 2019). */
import type { Activation } from './define.ts'

/** tanh(ln(1 + w)) = (w^2 + 2w) / (w^2 + 2w + 2) with w = exp x, which from x = 20 on is 1 in float32. */
function gate(x: number): number {
  const w = Math.exp(Math.min(x, 20))
  const n = w * (w + 2)
  return n / (n + 2)
}

export const mish: Activation = {
  name: 'mish',
  value: (x) => x * gate(x),
  derivative(x) {
    const t = gate(x)
    return t + (x * (1 - t * t)) / (1 + Math.exp(-x))
  },
  least: -0.3088434130172504,
  most: Infinity,
  stripsTo: ['relu', 'relu6'],
}
