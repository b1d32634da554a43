/** Convolutions and their gradients against loops in double: strides, dilations, paddings wider than the image, any channel count, poisoned memory. */
import { describe, it } from 'vitest'
import type { Conv } from '../src/training/backends/wasm/conv.ts'
import {
  filterGradient,
  forward,
  inputGradient,
  kernelGradient,
  packBack,
  packForward,
  panelFloatsBack,
  panelFloatsForward,
  scratchFloats,
  scratchFloatsBack,
  sumFloats,
} from '../src/training/backends/wasm/convolve.ts'
import * as depthwise from '../src/training/backends/wasm/depthwise.ts'
import type { Window } from '../src/training/backends/wasm/window.ts'
import { Bench, draw, expectClose } from './support/kernel-bench.ts'

type Shape = Window & { readonly batch: number; readonly inputs: number; readonly outputs: number }

/** Visits every product of a convolution: indices into x, w and y. Depthwise where `depth` is set. */
function visit(s: Shape, depth: boolean, product: (x: number, w: number, y: number) => void): void {
  for (let n = 0; n < s.batch; n++)
    for (let oh = 0; oh < s.outH; oh++)
      for (let ow = 0; ow < s.outW; ow++)
        for (let i = 0; i < s.kernelH; i++)
          for (let j = 0; j < s.kernelW; j++) {
            const h = oh * s.strideH + i * s.dilationH - s.top
            const w = ow * s.strideW + j * s.dilationW - s.left
            if (h < 0 || h >= s.inH || w < 0 || w >= s.inW) continue
            const [px, py, tap] = [(n * s.inH + h) * s.inW + w, (n * s.outH + oh) * s.outW + ow, i * s.kernelW + j]
            for (let c = 0; c < s.inputs; c++)
              if (depth) product(px * s.inputs + c, tap * s.inputs + c, py * s.inputs + c)
              else for (let o = 0; o < s.outputs; o++) product(px * s.inputs + c, (tap * s.inputs + c) * s.outputs + o, py * s.outputs + o)
          }
}

const shape = (over: Partial<Shape>): Shape => ({
  batch: 2,
  inH: 6,
  inW: 5,
  outH: 6,
  outW: 5,
  kernelH: 3,
  kernelW: 3,
  strideH: 1,
  strideW: 1,
  dilationH: 1,
  dilationW: 1,
  top: 1,
  left: 1,
  inputs: 4,
  outputs: 8,
  ...over,
})

const shapes: Record<string, Shape> = {
  'same 3 x 3': shape({}),
  '3 inputs, 43 outputs': shape({ inputs: 3, outputs: 43 }),
  '1 x 1': shape({ kernelH: 1, kernelW: 1, top: 0, left: 0, inputs: 7, outputs: 5 }),
  '1 x 1 stride 2': shape({ kernelH: 1, kernelW: 1, top: 0, left: 0, strideH: 2, strideW: 2, outH: 3, outW: 3 }),
  'valid 5 x 3': shape({ kernelH: 5, kernelW: 3, top: 0, left: 0, outH: 2, outW: 3, inputs: 2, outputs: 6 }),
  'same 1 x 7': shape({ kernelH: 1, kernelW: 7, top: 0, left: 3, inputs: 5, outputs: 9 }),
  'same 3 x 3 stride 2, odd size': shape({ inH: 7, inW: 5, outH: 4, outW: 3, strideH: 2, strideW: 2, inputs: 6, outputs: 12 }),
  'stride 3 x 2': shape({ inH: 8, inW: 9, outH: 3, outW: 5, strideH: 3, strideW: 2, inputs: 1, outputs: 1 }),
  'dilation 2 x 3': shape({ inH: 9, inW: 9, outH: 9, outW: 9, dilationH: 2, dilationW: 3, top: 2, left: 3 }),
  'dilation 4 wider than the image, 3 x 1': shape({ inH: 3, inW: 4, outH: 3, outW: 4, kernelW: 1, dilationH: 4, top: 4, left: 0 }),
  'one pixel': shape({ inH: 1, inW: 1, outH: 1, outW: 1, inputs: 3, outputs: 2 }),
  'padding wider than the image and the kernel': shape({ inH: 2, inW: 2, outH: 8, outW: 8, top: 4, left: 4, batch: 1 }),
  'stride 2, dilation 2 x 3': shape({
    inH: 11,
    inW: 12,
    outH: 4,
    outW: 3,
    strideH: 2,
    strideW: 2,
    dilationH: 2,
    dilationW: 3,
    top: 0,
    left: 0,
  }),
  'stride 4 over 3 taps, dilation 2': shape({ inH: 12, inW: 9, outH: 3, outW: 2, strideH: 4, strideW: 4, dilationH: 2, dilationW: 1 }),
  'stride 2 in place': shape({ inH: 8, inW: 9, outH: 4, outW: 4, kernelH: 2, kernelW: 2, strideH: 2, strideW: 2, top: 0, left: 0 }),
  'same 3 x 1, 13 inputs': shape({ kernelW: 1, left: 0, inputs: 13, outputs: 3 }),
  'same 1 x 3, stride 1 x 2': shape({ kernelH: 1, top: 0, strideW: 2, outW: 3, inputs: 3, outputs: 7 }),
  'same 5 x 5 stride 2, 2 inputs': shape({
    kernelH: 5,
    kernelW: 5,
    top: 2,
    left: 2,
    strideH: 2,
    strideW: 2,
    outH: 3,
    outW: 3,
    inputs: 2,
    outputs: 5,
  }),
  'same 7 x 7, wider than the image': shape({ kernelH: 7, kernelW: 7, top: 3, left: 3, inputs: 3, outputs: 5 }),
  'same 7 x 7 stride 2 dilation 2': shape({
    inH: 9,
    inW: 10,
    outH: 5,
    outW: 5,
    kernelH: 7,
    kernelW: 7,
    strideH: 2,
    strideW: 2,
    dilationH: 2,
    dilationW: 2,
    top: 6,
    left: 6,
    inputs: 2,
    outputs: 3,
    batch: 1,
  }),
  'same 11 x 11': shape({ kernelH: 11, kernelW: 11, top: 5, left: 5, inputs: 2, outputs: 3, batch: 1 }),
  'explicit padding, none above and much below': shape({ top: 0, left: 3, outH: 9, outW: 7, inputs: 5, outputs: 6 }),
  'valid, dilation 2': shape({ top: 0, left: 0, outH: 2, outW: 1, dilationH: 2, dilationW: 2, inputs: 3, outputs: 9 }),
  'a dense layer: one pixel, 37 inputs, 10 outputs, 7 rows': shape({
    batch: 7,
    inH: 1,
    inW: 1,
    outH: 1,
    outW: 1,
    kernelH: 1,
    kernelW: 1,
    top: 0,
    left: 0,
    inputs: 37,
    outputs: 10,
  }),
  'tiles of 2 x 2': shape({ batch: 3, inputs: 16, outputs: 20 }),
  'tiles of 2 x 2, odd sizes, few channels left over': shape({ inH: 7, inW: 9, outH: 7, outW: 9, inputs: 20, outputs: 28, batch: 1 }),
  'tiles of 2 x 2, many images in a chunk': shape({ inH: 4, inW: 4, outH: 4, outW: 4, inputs: 16, outputs: 16, batch: 19 }),
  'tiles of 2 x 2, valid': shape({ inH: 10, inW: 7, outH: 8, outW: 5, top: 0, left: 0, inputs: 24, outputs: 16 }),
  'tiles of 2 x 2, padding wider than the kernel': shape({ inH: 3, inW: 3, outH: 9, outW: 8, top: 4, left: 3, inputs: 16, outputs: 16 }),
  'tiles of 2 x 1, many pixels': shape({ kernelW: 1, left: 0, inH: 21, inW: 9, outH: 21, outW: 9, inputs: 16, outputs: 24 }),
  'tiles of 2 x 2, odd channels': shape({ batch: 3, inputs: 17, outputs: 19 }),
  'tiles of 2 x 1, odd channels': shape({ kernelW: 1, left: 0, inH: 9, outH: 9, inputs: 21, outputs: 18 }),
  'tiles of 1 x 2, odd channels': shape({ kernelH: 1, top: 0, inW: 9, outW: 9, inputs: 19, outputs: 33 }),
  'tiles of 1 x 2': shape({ kernelH: 1, top: 0, inH: 5, inW: 31, outH: 5, outW: 31, inputs: 28, outputs: 16 }),
  '11 x 11 stride 4': shape({
    inH: 19,
    inW: 19,
    outH: 3,
    outW: 3,
    kernelH: 11,
    kernelW: 11,
    strideH: 4,
    strideW: 4,
    top: 0,
    left: 0,
    inputs: 3,
    outputs: 4,
    batch: 1,
  }),
}

describe.each(Object.entries(shapes))('convolution, %s', (_, s) => {
  const conv: Conv = { window: s, inputs: s.inputs, outputs: s.outputs }
  const taps = s.kernelH * s.kernelW
  const [x, w, dy] = [
    draw(s.batch * s.inH * s.inW * s.inputs),
    draw(taps * s.inputs * s.outputs),
    draw(s.batch * s.outH * s.outW * s.outputs),
  ]

  it('forward, with a bias', () => {
    const bench = new Bench()
    const bias = draw(s.outputs)
    const [y, panels, scratch] = [bench.room(dy.length), bench.room(panelFloatsForward(conv)), bench.room(scratchFloats(conv))]
    bench.run(packForward(conv, bench.put(w), bench.put(bias), panels))
    bench.run(forward(conv, bench.put(x), panels, y, 0, s.batch, scratch))
    const expected = new Float64Array(dy.length).map((_, i) => bias[i % s.outputs]!)
    visit(s, false, (a, b, c) => {
      expected[c]! += x[a]! * w[b]!
    })
    expectClose(bench.read(y), expected)
  })

  it('input gradient, with the bias of a transposed convolution', () => {
    const bench = new Bench()
    const [dx, panels, scratch] = [bench.room(x.length), bench.room(panelFloatsBack(conv)), bench.room(scratchFloatsBack(conv))]
    const bias = draw(s.inputs)
    bench.run(packBack(conv, bench.put(w), bench.put(bias), panels))
    bench.run(inputGradient(conv, bench.put(dy), panels, dx, 0, s.batch, scratch))
    const expected = new Float64Array(x.length).map((_, i) => bias[i % s.inputs]!)
    visit(s, false, (a, b, c) => {
      expected[a]! += dy[c]! * w[b]!
    })
    expectClose(bench.read(dx), expected)
  })

  it('filter gradient', () => {
    const bench = new Bench()
    const [dw, scratch] = [bench.put(new Float32Array(sumFloats(conv))), bench.room(scratchFloats(conv))]
    bench.run(filterGradient(conv, bench.put(x), bench.put(dy), dw, 0, s.batch, scratch))
    const expected = new Float64Array(w.length)
    visit(s, false, (a, b, c) => {
      expected[b]! += dy[c]! * x[a]!
    })
    bench.run(kernelGradient(conv, dw))
    expectClose(bench.read(dw).subarray(0, w.length), expected)
  })
})

describe.each([1, 4, 6, 11])('depthwise, %i channels', (channels) => {
  it.each(Object.entries(shapes))('%s', (_, given) => {
    const s = { ...given, inputs: channels, outputs: channels }
    const taps = s.kernelH * s.kernelW
    const [x, w, dy, bias] = [
      draw(s.batch * s.inH * s.inW * channels),
      draw(taps * channels),
      draw(s.batch * s.outH * s.outW * channels),
      draw(channels),
    ]
    const bench = new Bench()
    const [y, dx, dw, mirrored] = [bench.room(dy.length), bench.room(x.length), bench.put(new Float32Array(w.length)), bench.room(w.length)]
    const [scratch, back] = [bench.room(depthwise.scratchFloats(s, channels)), bench.room(depthwise.scratchFloatsBack(s, channels))]
    const [xs, ws, dys] = [bench.put(x), bench.put(w), bench.put(dy)]
    bench.run(depthwise.forward(s, channels, xs, ws, bench.put(bias), y, 0, s.batch, scratch))
    bench.run(depthwise.filterGradient(s, channels, xs, dys, dw, 0, s.batch, scratch))
    bench.run(depthwise.mirror(s, channels, ws, mirrored))
    bench.run(depthwise.inputGradient(s, channels, dys, mirrored, dx, 0, s.batch, back))
    const [out, toKernel, toInput] = [
      new Float64Array(dy.length).map((_, i) => bias[i % channels]!),
      new Float64Array(w.length),
      new Float64Array(x.length),
    ]
    visit(s, true, (a, b, c) => {
      out[c]! += x[a]! * w[b]!
      toKernel[b]! += x[a]! * dy[c]!
      toInput[a]! += w[b]! * dy[c]!
    })
    expectClose(bench.read(y), out)
    expectClose(bench.read(dw), toKernel)
    expectClose(bench.read(dx), toInput)
  })
})
