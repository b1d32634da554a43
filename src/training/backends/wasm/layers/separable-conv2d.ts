/** SeparableConv2D: a depthwise convolution and a 1 x 1 one over its channels. */
import { ownActivation, refusesActivation } from '../activation.ts'
import { windowOf } from '../window.ts'
import { activate } from './activate.ts'
import { convolution } from './conv2d.ts'
import { channelsFirst, type Room } from './define.ts'
import { depthwise } from './depthwise-conv2d.ts'

export const separableConv2d: Room = {
  classNames: ['SeparableConv2D'],
  refuses: (site, isLast) => channelsFirst(site) ?? refusesActivation(site, isLast),
  build(build, { layer, shape }, [x]) {
    const { kernelSize, depthMultiplier = 1 } = layer as unknown as { kernelSize: number[]; depthMultiplier?: number }
    const [outH, outW, outputs] = shape as [number, number, number]
    const middle = [outH, outW, x!.shape[2]! * depthMultiplier]
    const window = windowOf(layer, kernelSize, x!.shape, middle)
    const taps = build.parameters.of(layer, 'depthwiseKernel')!
    const z = depthwise(build, `${layer.name} depthwise`, x!, middle, window, depthMultiplier, taps, undefined)
    const one = { kernelH: 1, kernelW: 1, strideH: 1, strideW: 1, dilationH: 1, dilationW: 1, top: 0, left: 0 }
    const conv = { window: { inH: outH, inW: outW, outH, outW, ...one }, inputs: middle[2]!, outputs }
    const kernel = build.parameters.of(layer, 'pointwiseKernel')!
    const y = convolution(build, layer.name, z, shape, conv, kernel, build.parameters.of(layer, 'bias'))
    return activate(build, layer.name, y, ownActivation(layer))
  },
}
