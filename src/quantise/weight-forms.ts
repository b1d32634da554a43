/** Weights in int8, each form made once however often a graph is quantised: another range changes the scales of few channels, mostly of none. */
import type { Quant, Tensor } from '../graph/ir/graph.ts'
import { equal } from './affine.ts'
import { quantiseWeights, weightPeaks } from './weights.ts'

export type WeightForms = {
  /** As `weightPeaks` says. */
  peaks(weights: Tensor, axis: number): Float64Array
  /** As `quantiseWeights` says; the same array for the same scales. */
  steps(weights: Tensor, quant: Quant): Int8Array
}

export function weightForms(): WeightForms {
  const peaks = new Map<Tensor, Map<number, Float64Array>>()
  const forms = new Map<Tensor, { readonly quant: Quant; readonly steps: Int8Array }[]>()
  return {
    peaks(weights, axis) {
      const known = peaks.get(weights) ?? new Map<number, Float64Array>()
      peaks.set(weights, known)
      const peak = known.get(axis) ?? weightPeaks(weights, axis)
      known.set(axis, peak)
      return peak
    },
    steps(weights, quant) {
      const known = forms.get(weights) ?? []
      forms.set(weights, known)
      const same = known.find((form) => equal(form.quant, quant))
      if (same) return same.steps
      const steps = quantiseWeights(weights, quant)
      known.push({ quant, steps })
      return steps
    },
  }
}
