/** max(x, 0). */
import type { Activation } from './define.ts'

export const relu: Activation = {
  name: 'relu',
  value: (x) => Math.max(x, 0),
  derivative: (x) => (x > 0 ? 1 : 0),
  least: 0,
  most: Infinity,
  stripsTo: ['relu'],
}
