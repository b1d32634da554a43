/** Learning rates over the iterations. */
import type { Rate } from './define.ts'

/** The rate of iteration `i`, from 0: i + 1 parts of the warm-up's iterations, then the shape over what remains. */
export function rateAt(rate: Rate, i: number, run: { readonly epochs: number; readonly stepsPerEpoch: number }): number {
  const warmUp = Math.round(rate.warmUpEpochs * run.stepsPerEpoch)
  if (i < warmUp) return (rate.peak * (i + 1)) / warmUp
  switch (rate.shape) {
    case 'constant':
      return rate.peak
    case 'cosine': {
      const done = (i - warmUp) / (run.epochs * run.stepsPerEpoch - warmUp)
      return (rate.peak * (1 + Math.cos(Math.PI * done))) / 2
    }
    case 'steps':
      return rate.peak * rate.factor ** rate.atEpochs.filter((epoch) => i >= epoch * run.stepsPerEpoch).length
  }
}
