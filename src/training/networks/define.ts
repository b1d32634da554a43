/** What a network is: a function that returns a `tf.LayersModel`, with a name and settings that are data. */
import type { LayersModel, layers } from '@tensorflow/tfjs-layers'

export type NetworkOptions = {
  readonly inputShape: readonly [height: number, width: number, channels: number]
  readonly classes: number
  /** Makes each activation layer: a plain function, or an ensemble. */
  readonly activation: (name: string) => layers.Layer
  /** Keys the initial weights. */
  readonly seed: number
}

/** Numbers of a network that the project file may set. */
export type Settings = Readonly<Record<string, number>>

export type Network<S extends Settings = Settings> = {
  readonly name: string
  /** What it is and where it was published, for `--help`. */
  readonly says: string
  readonly settings: S
  /** Whether it gives one distribution an image (the default) or one a pixel. */
  readonly answers?: 'image' | 'pixels'
  /** Ends in a softmax over the classes; kernels start at zero and are drawn afterwards. */
  build(options: NetworkOptions, settings: S): LayersModel
}

export const defineNetwork = <S extends Settings>(network: Network<S>): Network<S> => network
