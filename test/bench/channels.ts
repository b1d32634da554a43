/**
 * What a multiply-accumulate costs with channels that are no multiple of 4 against the next multiple of 4, by convolution and direction:
 * at most 2 x is asked. Both are timed by turns in the same run, on one thread, the fastest CPU time of each.
 */
import type { Conv } from '../../src/training/backends/wasm/conv.ts'
import * as conv from '../../src/training/backends/wasm/convolve.ts'
import * as depthwise from '../../src/training/backends/wasm/depthwise.ts'
import { type Draft, isPlace, type Region } from '../../src/training/backends/wasm/region.ts'
import type { Window } from '../../src/training/backends/wasm/window.ts'
import { loadModule } from '../../src/wasm/load.ts'

const memory = new WebAssembly.Memory({ initial: 1024 })
const kernels = new WebAssembly.Instance(loadModule('training'), { env: { memory } }).exports as Record<string, (...args: number[]) => void>
new Float32Array(memory.buffer).fill(0.01)
const images = 16

/** Regions side by side, used by one convolution at a time. */
function rooms() {
  let top = 1024
  return (floats: number): Region => {
    const address = top
    top += Math.ceil(floats / 16) * 64 + 64
    return { name: '', bytes: floats * 4, kept: true, address }
  }
}

type Case = { readonly macs: number; readonly calls: Readonly<Record<string, Draft[]>> }

function dense(window: Window, channels: number): Case {
  const room = rooms()
  const c: Conv = { window, inputs: channels, outputs: channels }
  const taps = window.kernelH * window.kernelW * channels * channels
  const [x, y, w] = [window.inH * window.inW, window.outH * window.outW]
    .map((pixels) => room(images * pixels * channels))
    .concat(room(taps))
  const [panels, back, sums] = [conv.panelFloatsForward(c), conv.panelFloatsBack(c), conv.sumFloats(c)].map(room)
  const scratch = room(Math.max(conv.scratchFloats(c), conv.scratchFloatsBack(c)))
  return {
    macs: images * window.outH * window.outW * taps,
    calls: {
      forward: [...conv.packForward(c, w!, 0, panels!), ...conv.forward(c, x!, panels!, y!, 0, images, scratch)],
      'input gradient': [...conv.packBack(c, w!, 0, back!), ...conv.inputGradient(c, y!, back!, x!, 0, images, scratch)],
      'filter gradient': [...conv.filterGradient(c, x!, y!, sums!, 0, images, scratch), ...conv.kernelGradient(c, sums!)],
    },
  }
}

function byChannel(window: Window, channels: number): Case {
  const room = rooms()
  const taps = window.kernelH * window.kernelW * channels
  const [x, y] = [window.inH * window.inW, window.outH * window.outW].map((pixels) => room(images * pixels * channels))
  const [w, mirrored, sums] = [taps, taps, taps].map(room)
  const scratch = room(Math.max(depthwise.scratchFloats(window, channels), depthwise.scratchFloatsBack(window, channels)))
  return {
    macs: images * window.outH * window.outW * taps,
    calls: {
      forward: depthwise.forward(window, channels, x!, w!, 0, y!, 0, images, scratch),
      'input gradient': depthwise.inputGradient(window, channels, y!, mirrored!, x!, 0, images, scratch),
      'filter gradient': depthwise.filterGradient(window, channels, x!, y!, sums!, 0, images, scratch),
    },
  }
}

function cpuMs(calls: readonly Draft[]): number {
  const numbers = calls.map(({ kernel, args }) => ({
    run: kernels[kernel]!,
    args: args.map((arg) => (typeof arg === 'number' ? arg : isPlace(arg) ? arg.region.address + arg.offset : arg.address)),
  }))
  const from = process.cpuUsage()
  for (const { run, args } of numbers) run(...args)
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1000
}

const window = (kernelH: number, kernelW: number, stride: number): Window => ({
  inH: 16,
  inW: 16,
  outH: 16 / stride,
  outW: 16 / stride,
  kernelH,
  kernelW,
  strideH: stride,
  strideW: stride,
  dilationH: 1,
  dilationW: 1,
  top: kernelH >> 1,
  left: kernelW >> 1,
})

const cases: Readonly<Record<string, (channels: number) => Case>> = {
  '1 x 1': (channels) => dense(window(1, 1, 1), channels),
  '3 x 3': (channels) => dense(window(3, 3, 1), channels),
  '3 x 1': (channels) => dense(window(3, 1, 1), channels),
  '3 x 3 stride 2': (channels) => dense(window(3, 3, 2), channels),
  '5 x 5': (channels) => dense(window(5, 5, 1), channels),
  'depthwise 3 x 3': (channels) => byChannel(window(3, 3, 1), channels),
}
const odd = [5, 17, 30, 33]

process.stdout.write(`time a multiply-accumulate against the next multiple of 4; channels: ${odd.join(', ')}\n`)
for (const [name, make] of Object.entries(cases))
  for (const direction of Object.keys(make(4).calls)) {
    const ratios = odd.map((channels) => {
      const pair = [make(channels), make(Math.ceil(channels / 4) * 4)]
      const fastest = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
      for (let i = 0; i < 40; i++)
        for (const [at, { calls, macs }] of pair.entries()) fastest[at] = Math.min(fastest[at]!, cpuMs(calls[direction]!) / macs)
      return `${(fastest[0]! / fastest[1]!).toFixed(2)} x`.padStart(8)
    })
    process.stdout.write(`${`${name}, ${direction}`.padEnd(34)} ${ratios.join('')}\n`)
  }
