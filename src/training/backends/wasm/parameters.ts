/** The weights of a model in the engine's memory, shared by its programs. */
import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { OptimiserOptions } from '../define.ts'
import { momentsOf } from '../optimisers.ts'
import { weightsByName } from '../weight-names.ts'
import { type Region, region } from './region.ts'
import type { Layer } from './topology.ts'

/** What the engine asks of a LayerVariable of tfjs. */
export type Variable = {
  readonly name: string
  readonly trainable: boolean
  read(): Tensor
  write(value: Tensor): void
}

export type Parameter = {
  /** As in `weightsByName`. */
  readonly name: string
  readonly variable: Variable
  readonly shape: readonly number[]
  readonly floats: number
  readonly weight: Region
  /** What the optimiser keeps, where the weight is trained: its moments by name. */
  readonly moments: ReadonlyMap<string, Region> | undefined
}

export class Parameters {
  readonly all: Parameter[] = []
  readonly #of = new Map<unknown, Parameter>()
  readonly #names: ReadonlyMap<unknown, string>
  readonly #optimiser: OptimiserOptions

  constructor(model: LayersModel, optimiser: OptimiserOptions) {
    this.#optimiser = optimiser
    this.#names = new Map([...weightsByName(model)].map(([name, variable]) => [variable, name]))
  }

  /** The parameter of a layer's field, such as `kernel`; undefined where the layer has none. */
  of(layer: Layer, field: string): Parameter | undefined {
    const variable = (layer as any)[field] as (Variable & { shape: number[] }) | null | undefined
    if (!variable) return undefined
    const known = this.#of.get(variable)
    if (known) return known
    const floats = variable.shape.reduce((a, b) => a * b, 1)
    const trained = variable.trainable && layer.trainable
    const name = this.#names.get(variable)!
    const moments = momentsOf(this.#optimiser).map((suffix) => [name + suffix, region(name + suffix, floats, true)] as const)
    const parameter: Parameter = {
      name,
      variable,
      shape: variable.shape,
      floats,
      weight: region(variable.name, floats, true),
      moments: trained ? new Map(moments) : undefined,
    }
    this.#of.set(variable, parameter)
    this.all.push(parameter)
    return parameter
  }

  regions(): Region[] {
    return this.all.flatMap(({ weight, moments }) => [weight, ...(moments?.values() ?? [])])
  }
}
