/** Gives the WASM backend of tfjs the kernels that training needs and it lacks, and convolutions a gradient at any dilation. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { UserError } from '../../../errors.ts'
import { type Mixing, mixKernel } from '../../pea/mix-tensor.ts'
import * as composed from './compose/index.ts'
import type { Attributes, Shape4D } from './compose/window.ts'
import { Heap } from './kernels/heap.ts'
import * as own from './kernels/index.ts'
import { lendKernels } from './lend-kernels.ts'
import { normaliseKernels } from './stand-ins/batch-normalization.ts'

type Inputs = Readonly<Record<'x' | 'dy' | 'filter', tf.Tensor4D>>
type Attrs = Attributes & { readonly inputShape: Shape4D; readonly filterShape: Shape4D }
type Gradient = {
  own(heap: Heap, inputs: Inputs, attrs: Attrs): tf.TensorInfo
  composed(inputs: Inputs, attrs: Attrs): tf.Tensor
  /** What our kernel does not take, in words, and whether these operands are it. */
  slowFor?: string
  isSlow?(inputs: Inputs, attrs: Attrs): boolean
}

const slowFor = 'a channel multiplier'

/** By the kernel's name in tfjs. */
const gradients: Readonly<Record<string, Gradient>> = {
  Conv2DBackpropInput: {
    own: (heap, { dy, filter }, attrs) => own.convolutionInputGradient(heap, dy, filter, attrs.inputShape, attrs),
    composed: ({ dy, filter }, attrs) => composed.convolutionInputGradient(dy, filter, attrs.inputShape, attrs),
  },
  Conv2DBackpropFilter: {
    own: (heap, { x, dy }, attrs) => own.convolutionFilterGradient(heap, x, dy, attrs.filterShape, attrs),
    composed: ({ x, dy }, attrs) => composed.convolutionFilterGradient(x, dy, attrs.filterShape, attrs),
  },
  DepthwiseConv2dNativeBackpropInput: {
    own: (heap, { dy, filter }, attrs) => own.depthwiseInputGradient(heap, dy, filter, attrs.inputShape, attrs),
    composed: ({ dy, filter }, attrs) => composed.depthwiseInputGradient(dy, filter, attrs.inputShape, attrs),
    slowFor,
    isSlow: ({ filter }) => filter.shape[3] !== 1,
  },
  DepthwiseConv2dNativeBackpropFilter: {
    own: (heap, { x, dy }, attrs) => own.depthwiseFilterGradient(heap, x, dy, attrs.filterShape, attrs),
    composed: ({ x, dy }, attrs) => composed.depthwiseFilterGradient(x, dy, attrs.filterShape, attrs),
    slowFor,
    isSlow: (_, { filterShape }) => filterShape[3] !== 1,
  },
}

/** Operations with a gradient by these kernels; tfjs's own gradients refuse a dilation above 1. */
const differentiable = [
  ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
  ['DepthwiseConv2dNative', 'DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'],
] as const

const fellBack = new Map<string, string>()

const lacking = 'tfjs WASM lacks it: it runs on the plain JavaScript backend'
const lent: string[] = []

/** By the kernel's name in tfjs, once it is registered: what a model may meet. */
export const wouldFallBack = (): ReadonlyMap<string, string> =>
  new Map([
    ...Object.entries(gradients).flatMap(([name, { slowFor }]) => (slowFor ? [[name, `for ${slowFor}`] as const] : [])),
    ...lent.map((name) => [name, lacking] as const),
  ])

/** Kernels that ran so far composed of stock operations or in plain JavaScript, some ten times slower, and why. */
export const fallbacks = (): ReadonlyMap<string, string> => fellBack

let registered = false

/** Once for the process; other backends of tfjs keep their own kernels. Without our compiled kernels all are composed. */
export function registerGradients(backendName = 'wasm'): void {
  if (registered) return
  registered = true
  const heap = ownHeap()
  for (const [kernelName, gradient] of Object.entries(gradients)) {
    if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName)
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc(given) {
        const [inputs, attrs] = [given.inputs as unknown as Inputs, given.attrs as unknown as Attrs]
        if (heap && !gradient.isSlow?.(inputs, attrs)) return gradient.own(heap, inputs, attrs)
        fellBack.set(kernelName, heap ? gradient.slowFor! : 'the compiled kernels are missing')
        return tf.tidy(() => gradient.composed(inputs, attrs))
      },
    })
  }
  if (heap) registerFused(heap, backendName)
  lent.push(...lendKernels(backendName, (kernelName) => fellBack.set(kernelName, lacking)))
  // ThresholdedReLU multiplies by one of them.
  for (const kernelName of ['Greater', 'Less', 'LessEqual', 'Equal', 'NotEqual'])
    if (!tf.getGradient(kernelName))
      tf.registerGradient({
        kernelName,
        inputsToSave: ['a', 'b'],
        gradFunc: (_, [a, b]) => ({ a: () => tf.zerosLike(a!), b: () => tf.zerosLike(b!) }),
      })
  for (const [kernelName, ofInput, ofFilter] of differentiable) {
    tf.unregisterGradient(kernelName)
    tf.registerGradient({
      kernelName,
      inputsToSave: ['x', 'filter'],
      gradFunc: (dy, [x, filter], attrs) => ({
        x: () => tf.engine().runKernel(ofInput, { dy: dy as tf.Tensor, filter: filter! }, { ...attrs, inputShape: x!.shape }) as tf.Tensor,
        filter: () =>
          tf.engine().runKernel(ofFilter, { x: x!, dy: dy as tf.Tensor }, { ...attrs, filterShape: filter!.shape }) as tf.Tensor,
      }),
    })
  }
}

function ownHeap(): Heap | undefined {
  try {
    return new Heap(tf.backend() as BackendWasm)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** Gradients of pooling, and fused kernels that tfjs has no name for: the layers look for them. */
function registerFused(heap: Heap, backendName: string): void {
  const register = (kernelName: string, compute: (inputs: any, attrs: any) => tf.TensorInfo | tf.TensorInfo[]): void =>
    tf.registerKernel({ kernelName, backendName, kernelFunc: ({ inputs, attrs }) => compute(inputs, attrs) })
  register('MaxPoolGrad', ({ input, output, dy }, attrs) => own.maxPoolGradient(heap, input, output, dy, attrs))
  register('AvgPoolGrad', ({ input, dy }, attrs) => own.averagePoolGradient(heap, input, dy, attrs))
  register(mixKernel, ({ x }, { mixing }: { mixing: Mixing }) => own.mix(heap, x, mixing))
  register(normaliseKernels.forward, ({ x, gamma, beta }, { epsilon }) => own.normalise(heap, x, gamma, beta, epsilon))
  register(normaliseKernels.backward, ({ dy, x, gamma, state }) => own.normaliseGradient(heap, dy, x, gamma, state))
}
