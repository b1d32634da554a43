/** What the compiled step knows of one kind of layer: whether it can take it, and which calls it becomes. */
import type { Build, Value } from '../build.ts'
import type { Site } from '../topology.ts'

export type Room = {
  /** Class names of tfjs layers, or of Peapod's own. */
  readonly classNames: readonly string[]
  /** Why this layer, as configured, cannot be compiled; the last layer of a model may end in a softmax, which is left out. */
  refuses?(site: Site, isLast: boolean): string | undefined
  /** Adds the forward calls, and to `build.onBack` how to go back. */
  build(build: Build, site: Site, inputs: readonly Value[]): Value
}

/** The refusal of every layer over images whose channels come first. */
export const channelsFirst = ({ layer }: Site): string | undefined =>
  (layer as unknown as { dataFormat?: string }).dataFormat === 'channelsFirst' ? 'channels come first' : undefined
