/** A Keras model as its file says it: layers, how they are joined, and where their weights come from. */
import type { Shape } from '../../graph/ir/graph.ts'

/** One tensor: output `tensor` of call `node` of a layer. */
export type Ref = { readonly layer: string; readonly node: number; readonly tensor: number }

/** Sequential models come in this form too. */
export type KerasContainer = {
  readonly layers: readonly KerasLayer[]
  readonly inputs: readonly Ref[]
  readonly outputs: readonly Ref[]
}

export type KerasLayer = {
  readonly className: string
  readonly name: string
  /** Keras settings in the form of tfjs: camelCase words. */
  readonly settings: Readonly<Record<string, any>>
  /** The inputs of each call, in the order of the calls. */
  readonly calls: readonly (readonly Ref[])[]
  /** Present where the layer is a model. */
  readonly inner?: KerasContainer
}

export type Weight = { readonly shape: Shape; readonly data: Float32Array }

/** The weights of the last layer of a path, which leads through the models around it, in the order in which Keras made them. */
export type WeightSource = (path: readonly KerasLayer[]) => readonly Weight[]
