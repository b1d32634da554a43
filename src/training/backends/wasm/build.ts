/** What the layers' rooms build with: values and their gradients, scratch memory, sums over partitions, updates. */
import type { StepOptions } from '../define.ts'
import { decaysOf } from '../optimisers.ts'
import { ensembleState } from './activation.ts'
import type { Parameter, Parameters } from './parameters.ts'
import { type Plan, zeroed } from './plan.ts'
import { type Arg, at, call, type Draft, type Place, type Region, region } from './region.ts'
import type { Layer, Site } from './topology.ts'

/** A tensor [batch, ...shape]. */
export type Value = {
  readonly name: string
  readonly shape: readonly number[]
  /** Floats of one image. */
  readonly floats: number
  readonly region: Region
  /** Whether anything before it learns. */
  readonly learns: boolean
  /** Whole once every consumer went back. A layer may overwrite the gradient of its own output. */
  gradient: Region | undefined
}

/** Memory that JavaScript writes before each run. */
export type Knobs = { readonly rates: Region; readonly share: Region; readonly labels: Region; readonly losses: Region }

export class Build {
  readonly plan: Plan
  readonly mode: 'train' | 'predict'
  readonly options: StepOptions
  readonly parameters: Parameters
  readonly knobs: Knobs
  readonly scratch: readonly Region[]
  readonly states: Map<Site, Region>
  /** The normalisation that each layer took in, where training is aware of int8. */
  readonly absorbed: ReadonlyMap<Layer, Layer>
  readonly #back: (() => void)[] = []

  constructor(
    plan: Plan,
    mode: 'train' | 'predict',
    options: StepOptions,
    parameters: Parameters,
    knobs: Knobs,
    scratch: readonly Region[],
    states: Map<Site, Region>,
    absorbed: ReadonlyMap<Layer, Layer>,
  ) {
    this.plan = plan
    this.mode = mode
    this.options = options
    this.parameters = parameters
    this.knobs = knobs
    this.scratch = scratch
    this.states = states
    this.absorbed = absorbed
  }

  /** The memory of a layer that changes from step to step, one for both programs. */
  stateOf(site: Site): Region {
    const state = this.states.get(site) ?? ensembleState(site.layer.name)
    this.states.set(site, state)
    return state
  }

  /** The bias of a linear layer; of one that took in a normalisation, that one's. */
  biasOf(layer: Layer): Parameter | undefined {
    const norm = this.absorbed.get(layer)
    return norm ? this.parameters.of(norm, 'beta') : this.parameters.of(layer, 'bias')
  }

  value(name: string, shape: readonly number[], learns: boolean): Value {
    const floats = shape.reduce((a, b) => a * b, 1)
    return { name, shape, floats, region: region(name, floats * this.plan.batch), learns, gradient: undefined }
  }

  /** Notes how a layer goes back; called in reverse order, in training only. */
  onBack(go: () => void): void {
    if (this.mode === 'train') this.#back.push(go)
  }

  goBack(): void {
    for (const go of this.#back.reverse()) go()
  }

  /** Adds to a value's gradient what `emit` writes into the region that it is given. */
  contribute(value: Value, emit: (into: Region) => void): void {
    if (!value.learns) return
    if (!value.gradient) {
      value.gradient = region(`${value.name} gradient`, value.floats * this.plan.batch)
      emit(value.gradient)
      return
    }
    const more = region(`${value.name} gradient, more`, value.floats * this.plan.batch)
    emit(more)
    this.#addTo(value, more)
  }

  /** Adds a whole region to a value's gradient; the region may become that gradient, if its owner needs it no longer. */
  give(value: Value, gradient: Region, keep = false): void {
    if (!value.learns) return
    if (value.gradient) this.#addTo(value, gradient)
    else if (!keep) value.gradient = gradient
    else {
      const copy = (value.gradient = region(`${value.name} gradient`, value.floats * this.plan.batch))
      const bytes = value.floats * 4
      this.plan.images({
        bytesPerImage: 2 * bytes,
        emit: (from, to) => [call('copyRows', at(gradient, from * bytes), bytes, at(copy, from * bytes), bytes, bytes, to - from)],
      })
    }
  }

  #addTo(value: Value, more: Region): void {
    const { floats } = value
    const into = value.gradient!
    this.plan.images({ bytesPerImage: 8 * floats, emit: (from, to) => [call('add', into, more, into, from * floats, to * floats)] })
  }

  /** At least `floats` of scratch memory of a partition's own, for calls that follow one another. */
  scratchOf(part: number, floats: number): Region {
    for (const own of this.scratch) own.bytes = Math.max(own.bytes, floats * 4)
    return this.scratch[part]!
  }

  /** Sums that each partition keeps for itself: `floats` apiece. */
  sums(
    name: string,
    floats: number,
  ): { readonly region: Region; readonly apart: number; of(part: number): Place; begin(part: number): Draft[] } {
    const padded = Math.ceil(floats / 4) * 4 + 4
    const sums = region(name, padded * this.plan.parts)
    const of = (part: number) => at(sums, part * padded * 4)
    return { region: sums, apart: padded * 4, of, begin: (part) => [zeroed(of(part), padded * 4)] }
  }

  /** The update of a weight from its gradient, `parts` sums that lie `apart` bytes from one another. */
  update({ name, moments, weight, floats }: Parameter, gradient: Arg, parts: number, apart: number): void {
    if (!moments) return
    const { optimiser: o } = this.options
    const [kernel, numbers] = o.name === 'sgd' ? ['sgd', [o.momentum]] : ['adam', [o.beta1, o.beta2, o.epsilon]]
    const constants = [...(numbers as number[]), ...decaysOf(this.options, name)]
    const share = Math.ceil(floats / Math.ceil(floats / 16_384) / 4) * 4
    for (let from = 0; from < floats; from += share) {
      const range = [from, Math.min(from + share, floats)]
      this.plan.finale([
        call(kernel as string, weight, ...moments.values(), gradient, parts, apart, this.knobs.rates, ...constants, ...range),
      ])
    }
  }
}
