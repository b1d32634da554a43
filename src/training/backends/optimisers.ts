/** The optimisers as numbers and, for backends without kernels of their own, as loops. */
import type { OptimiserOptions, StepOptions } from './define.ts'

/** Moments that an optimiser keeps of each weight, as suffixes of the weight's name. */
export const momentsOf = ({ name }: OptimiserOptions): readonly string[] => (name === 'sgd' ? [''] : ['', ', squared'])

/**
 * What changes from step to step: [rate, 1 / (1 - beta1^t), 1 / (1 - beta2^t), rectification], t from 1. The rectification is 1 in Adam; in
 * RAdam it is r_t (Liu et al. 2020, Algorithm 2), or 0 while the variance is not to be trusted and the first moment goes alone: up to
 * an approximated length of 5, as the authors' program and PyTorch have it (4 in the paper).
 */
export function ratesAt(optimiser: OptimiserOptions, step: number, rate: number): readonly [number, number, number, number] {
  if (optimiser.name === 'sgd') return [rate, 1, 1, 1]
  const t = step + 1
  const { beta1, beta2 } = optimiser
  const corrections = [1 / (1 - beta1 ** t), 1 / (1 - beta2 ** t)] as const
  if (optimiser.name === 'adam') return [rate, ...corrections, 1]
  const most = 2 / (1 - beta2) - 1
  const length = most - (2 * t * beta2 ** t) / (1 - beta2 ** t)
  if (length <= 5) return [rate, ...corrections, 0]
  return [rate, ...corrections, Math.sqrt(((length - 4) * (length - 2) * most) / ((most - 4) * (most - 2) * length))]
}

/** Weight decay as [added to the gradient, taken off the weight]. */
export const decaysOf = ({ decayOf, decoupledDecay }: StepOptions, weightName: string): readonly [number, number] =>
  decoupledDecay ? [0, decayOf(weightName)] : [decayOf(weightName), 0]

export class Optimiser {
  readonly state = new Map<string, Float32Array>()
  readonly #options: StepOptions

  constructor(sizes: Iterable<readonly [weightName: string, length: number]>, options: StepOptions) {
    this.#options = options
    for (const [name, length] of sizes)
      for (const suffix of momentsOf(options.optimiser)) this.state.set(name + suffix, new Float32Array(length))
  }

  /** Changes `w`, the weight of that name, by its gradient `g`. */
  update(
    name: string,
    w: Float32Array,
    g: ArrayLike<number>,
    { step, rate: given }: { readonly step: number; readonly rate: number },
  ): void {
    const { optimiser } = this.#options
    const [decay, shrink] = decaysOf(this.#options, name)
    const [rate, first, second, rectification] = ratesAt(optimiser, step, given)
    const [m, v] = momentsOf(optimiser).map((suffix) => this.state.get(name + suffix)!)
    for (let i = 0; i < w.length; i++) {
      const old = w[i]!
      const gradient = g[i]! + decay * old
      let move: number
      if (optimiser.name === 'sgd') move = m![i] = optimiser.momentum * m![i]! + gradient
      else {
        const { beta1, beta2, epsilon } = optimiser
        m![i] = beta1 * m![i]! + (1 - beta1) * gradient
        v![i] = beta2 * v![i]! + (1 - beta2) * gradient * gradient
        const mean = m![i]! * first
        move = rectification === 0 ? mean : (rectification * mean) / (Math.sqrt(v![i]! * second) + epsilon)
      }
      w[i] = old - rate * move - rate * shrink * old
    }
  }

  restore(state: ReadonlyMap<string, Float32Array>): void {
    for (const [name, values] of this.state) {
      const held = state.get(name)
      if (held) values.set(held)
    }
  }
}
