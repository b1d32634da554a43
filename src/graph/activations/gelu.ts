/** x times the normal distribution function (Hendrycks and Gimpel 2016), exact form. */
import { erf } from '../math/erf.ts'
import type { Activation } from './define.ts'

const distribution = (x: number) => 0.5 * (1 + erf(x * Math.SQRT1_2))

export const gelu: Activation = {
  name: 'gelu',
  value: (x) => x * distribution(x),
  derivative: (x) => distribution(x) + (x * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI),
  least: -0.1699712074799037,
  most: Infinity,
  stripsTo: ['relu', 'relu6'],
}
