/** Dense, over the last axis. A final softmax is left out: the step works on logits. */
import { ownActivation, refusesActivation } from '../activation.ts'
import { activate } from './activate.ts'
import { convolution } from './conv2d.ts'
import type { Room } from './define.ts'

export const dense: Room = {
  classNames: ['Dense'],
  refuses: refusesActivation,
  build(build, { layer, shape }, [x]) {
    const inputs = x!.shape.at(-1)!
    const outputs = shape.at(-1)!
    const rows = x!.floats / inputs
    const one = { kernelH: 1, kernelW: 1, strideH: 1, strideW: 1, dilationH: 1, dilationW: 1, top: 0, left: 0 }
    const conv = { window: { inH: 1, inW: rows, outH: 1, outW: rows, ...one }, inputs, outputs }
    const kernel = build.parameters.of(layer, 'kernel')!
    const y = convolution(build, layer.name, x!, shape, conv, kernel, build.biasOf(layer), true)
    return activate(build, layer.name, y, ownActivation(layer))
  },
}
