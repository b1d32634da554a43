/** Which weights each class of layer has, in Keras's order, and of what shape: files keep them by position. */
import { pair } from '../tfjs-layers/steps.ts'

/** Undefined extents, or a whole shape that is undefined, are settled by what comes in. */
export type Slot = readonly [name: string, shape: readonly (number | undefined)[] | undefined]
type Settings = Readonly<Record<string, any>>

const any = undefined
const bias = ({ useBias = true }: Settings, length: number | undefined): Slot[] => (useBias ? [['bias', [length]]] : [])
const depthwise = ({ kernelSize, depthMultiplier = 1 }: Settings): Slot => ['depthwise_kernel', [...pair(kernelSize), any, depthMultiplier]]

const layouts: Readonly<Record<string, (settings: Settings) => readonly Slot[]>> = {
  Conv2D: (s) => [['kernel', [...pair(s.kernelSize), any, s.filters]], ...bias(s, s.filters)],
  DepthwiseConv2D: (s) => [depthwise(s), ...bias(s, any)],
  SeparableConv2D: (s) => [depthwise(s), ['pointwise_kernel', [1, 1, any, s.filters]], ...bias(s, s.filters)],
  Conv2DTranspose: (s) => [['kernel', [...pair(s.kernelSize), s.filters, any]], ...bias(s, s.filters)],
  Dense: (s) => [['kernel', [any, s.units]], ...bias(s, s.units)],
  PReLU: () => [['alpha', any]],
  BatchNormalization: ({ scale = true, center = true }) => [
    ...(scale ? [['gamma', [any]] as const] : []),
    ...(center ? [['beta', [any]] as const] : []),
    ['moving_mean', [any]],
    ['moving_variance', [any]],
  ],
}

/** Layers of other classes have no weights, or none that is read. */
export const slotsOf = (className: string, settings: Settings): readonly Slot[] | undefined => layouts[className]?.(settings)
