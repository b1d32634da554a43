/** Gives the WASM backend of tfjs the kernels that training needs and it lacks, and convolutions a gradient at any dilation. */
import * as tf from '@tensorflow/tfjs-core'
import { convolutionFilterGradient, convolutionInputGradient } from './compose/convolution.ts'
import { depthwiseFilterGradient, depthwiseInputGradient } from './compose/depthwise.ts'
import type { Attributes, Shape4D } from './compose/window.ts'

type Given = { readonly inputs: Record<string, tf.Tensor4D>; readonly attrs: Attributes & { inputShape: Shape4D; filterShape: Shape4D } }

/** By the kernel's name in tfjs. */
const composed: Readonly<Record<string, (given: Given) => tf.Tensor4D>> = {
  Conv2DBackpropInput: ({ inputs, attrs }) => convolutionInputGradient(inputs.dy!, inputs.filter!, attrs.inputShape, attrs),
  Conv2DBackpropFilter: ({ inputs, attrs }) => convolutionFilterGradient(inputs.x!, inputs.dy!, attrs.filterShape, attrs),
  DepthwiseConv2dNativeBackpropInput: ({ inputs, attrs }) => depthwiseInputGradient(inputs.dy!, inputs.filter!, attrs.inputShape, attrs),
  DepthwiseConv2dNativeBackpropFilter: ({ inputs, attrs }) => depthwiseFilterGradient(inputs.x!, inputs.dy!, attrs.filterShape, attrs),
}

/** tfjs's own gradients of these refuse a dilation above 1. */
const gradients = [
  ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
  ['DepthwiseConv2dNative', 'DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'],
] as const

let registered = false

/** Once for the process; other backends of tfjs keep their own kernels. */
export function registerGradients(backendName: string): void {
  if (registered) return
  registered = true
  for (const [kernelName, compute] of Object.entries(composed)) {
    if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName)
    tf.registerKernel({ kernelName, backendName, kernelFunc: (given) => tf.tidy(() => compute(given as unknown as Given)) })
  }
  for (const [kernelName, ofInput, ofFilter] of gradients) {
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
