/** min(max(x, 0), 6). */
import type { Activation } from './define.ts'

export const relu6: Activation = {
  name: 'relu6',
  value: (x) => Math.min(Math.max(x, 0), 6),
  derivative: (x) => (x > 0 && x < 6 ? 1 : 0),
  least: 0,
  most: 6,
  stripsTo: ['relu6'],
}
