/** x, or exp(x) - 1 below zero (Clevert et al. 2015). */
import type { Activation } from './define.ts'

export const elu: Activation = {
  name: 'elu',
  value: (x) => (x > 0 ? x : Math.expm1(x)),
  derivative: (x) => (x > 0 ? 1 : Math.exp(x)),
  least: -1,
  most: Infinity,
  stripsTo: ['relu', 'relu6'],
}
