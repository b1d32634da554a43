/** x logistic(beta x) (Ramachandran et al. 2017). */
import type { Activation } from './define.ts'

const logistic = (x: number) => 1 / (1 + Math.exp(-x))

export const swish: Activation = {
  name: 'swish',
  value: (x, beta = 1) => x * logistic(beta * x),
  derivative(x, beta = 1) {
    const s = logistic(beta * x)
    return s * (1 + beta * x * (1 - s))
  },
  least: -0.2784645427610738,
  most: Infinity,
  stripsTo: ['relu', 'relu6'],
}
