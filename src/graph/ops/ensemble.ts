/** The ensemble of training (Utasi 2022, Eq. 1): alpha base(x) + (1 - alpha) activation(x). Strip leaves its base; no file holds it. */
import { activationOf } from '../activations/registry.ts'
import { activation as calibrated, defineOp, float, oneOf } from './define.ts'
import { each } from './kit/unary.ts'

export const ensemble = defineOp({
  name: 'ensemble',
  goneBy: 'stripped',
  attrs: {
    mix: oneOf(0, 'weighted', 'stochastic'),
    activation: oneOf(1, 'gelu', 'swish', 'mish', 'elu'),
    base: oneOf(2, 'relu', 'relu6'),
    ...{ alpha: float(3), beta: float(4, 1) },
  },
  family: 'elementwise',
  roles: { in: [calibrated], out: [calibrated] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: ({ mix, activation, base, alpha }) => ({ mix, activation, base, alpha }),
  // The stochastic mix (Eq. 3) has the same expectation, and that is what it computes outside of training steps.
  float: ({ activation, base, alpha, beta }) => {
    const [smooth, hard] = [activationOf(activation), activationOf(base)]
    if (alpha === 1) return each((x) => hard.value(x))
    return each((x) => alpha * hard.value(x) + (1 - alpha) * smooth.value(x, beta))
  },
  examples: [
    { attrs: { activation: 'mish', alpha: 0.25 }, shapes: [[1, 4, 4, 3]] },
    { attrs: { activation: 'gelu', base: 'relu6', alpha: 1 }, shapes: [[2, 7]] },
  ],
})
