/** The training kernels against loops in double: odd sizes, strides, dilations, paddings wider than the image, any channel count, poisoned memory. */
import { describe, expect, it } from 'vitest'
import { bits, key, uniform } from '../src/graph/math/random.ts'
import { type Conv, filterGradient, forward, inputGradient, panelFloats, scratchFloats } from '../src/training/backends/wasm/convolve.ts'
import { at, type Draft, isPlace, type Region } from '../src/training/backends/wasm/region.ts'
import { mirrored, type Window } from '../src/training/backends/wasm/window.ts'
import { threshold } from '../src/training/pea/draw.ts'
import { loadModule } from '../src/wasm/load.ts'

const memory = new WebAssembly.Memory({ initial: 64 })
const kernels = new WebAssembly.Instance(loadModule('training'), { env: { memory } }).exports as Record<string, (...args: number[]) => void>
const stream = key(3, 'test')
let drawn = 0
const draw = (n: number, spread = 1) => Float32Array.from({ length: n }, () => (uniform(stream, drawn++) - 0.5) * 2 * spread)

/** Fresh memory full of NaN; what is put or taken there lies apart by NaN too, so that a stray read or write shows. */
class Bench {
  #top = 1024
  constructor() {
    new Float32Array(memory.buffer).fill(Number.NaN)
  }
  room(floats: number): Region {
    const address = this.#top
    this.#top = Math.ceil((address + floats * 4 + 64) / 64) * 64
    return { name: '', bytes: floats * 4, kept: true, address }
  }
  put(values: ArrayLike<number>): Region {
    const region = this.room(values.length)
    new Float32Array(memory.buffer, region.address, values.length).set(values)
    return region
  }
  read({ address, bytes }: Region): Float32Array {
    const values = new Float32Array(memory.buffer, address, bytes / 4 + 1).slice()
    expect(values.at(-1)).toBeNaN()
    return values.subarray(0, -1)
  }
  run(calls: readonly Draft[]): void {
    for (const { kernel, args } of calls)
      kernels[kernel]!(...args.map((arg) => (typeof arg === 'number' ? arg : isPlace(arg) ? arg.region.address + arg.offset : arg.address)))
  }
  call(kernel: string, ...args: (number | Region)[]): void {
    this.run([{ kernel, args }])
  }
}

function expectClose(ours: ArrayLike<number>, theirs: ArrayLike<number>, limit = 1e-5): void {
  let [top, bottom] = [0, 0]
  for (let i = 0; i < theirs.length; i++) {
    top += (ours[i]! - theirs[i]!) ** 2
    bottom += theirs[i]! ** 2
  }
  expect(Math.sqrt(top / (bottom || 1))).toBeLessThanOrEqual(limit)
}

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
    const [y, panels, scratch] = [
      bench.room(dy.length),
      bench.room(panelFloats(taps * s.inputs, s.outputs)),
      bench.room(scratchFloats(conv)),
    ]
    bench.call('pack', bench.put(w), bench.put(bias), panels, taps * s.inputs, s.outputs, 0, Math.ceil(s.outputs / 8))
    bench.run(forward(conv, bench.put(x), panels, y, 0, s.batch, scratch))
    const expected = new Float64Array(dy.length).map((_, i) => bias[i % s.outputs]!)
    visit(s, false, (a, b, c) => {
      expected[c]! += x[a]! * w[b]!
    })
    expectClose(bench.read(y), expected)
  })

  it('input gradient', () => {
    const bench = new Bench()
    const back = { window: mirrored(s), inputs: s.outputs, outputs: s.inputs }
    const [dx, panels, scratch] = [
      bench.room(x.length),
      bench.room(panelFloats(taps * s.outputs, s.inputs)),
      bench.room(scratchFloats(back)),
    ]
    bench.call('packMirrored', bench.put(w), panels, taps, s.inputs, s.outputs, 0, Math.ceil(s.inputs / 8))
    bench.run(inputGradient(conv, bench.put(dy), panels, dx, 0, s.batch, scratch))
    const expected = new Float64Array(x.length)
    visit(s, false, (a, b, c) => {
      expected[a]! += dy[c]! * w[b]!
    })
    expectClose(bench.read(dx), expected)
  })

  it('filter gradient', () => {
    const bench = new Bench()
    const [dw, scratch] = [bench.put(new Float32Array(w.length)), bench.room(scratchFloats(conv))]
    bench.run(filterGradient(conv, bench.put(x), bench.put(dy), dw, 0, s.batch, scratch))
    const expected = new Float64Array(w.length)
    visit(s, false, (a, b, c) => {
      expected[b]! += dy[c]! * x[a]!
    })
    expectClose(bench.read(dw), expected)
  })
})

describe.each([1, 4, 6, 11])('depthwise over one padded image, %i channels', (channels) => {
  it.each([
    [3, 3, 1, 1],
    [3, 3, 2, 1],
    [5, 3, 1, 2],
    [1, 7, 2, 1],
    [2, 2, 1, 1],
  ] as const)('%i x %i, stride %i, dilation %i', (kernelH, kernelW, stride, dilation) => {
    const [outH, outW] = [3, 4]
    const [inH, inW] = [(outH - 1) * stride + (kernelH - 1) * dilation + 1, (outW - 1) * stride + (kernelW - 1) * dilation + 1]
    const s = shape({
      batch: 1,
      inH,
      inW,
      outH,
      outW,
      kernelH,
      kernelW,
      strideH: stride,
      strideW: stride,
      dilationH: dilation,
      dilationW: dilation,
      top: 0,
      left: 0,
      inputs: channels,
    })
    const [x, w, dy, bias] = [draw(inH * inW * channels), draw(kernelH * kernelW * channels), draw(outH * outW * channels), draw(channels)]
    const bench = new Bench()
    const steps = [
      kernelH,
      kernelW,
      dilation * inW * channels * 4,
      dilation * channels * 4,
      stride * inW * channels * 4,
      stride * channels * 4,
    ]
    const [y, dw] = [bench.room(dy.length), bench.put(new Float32Array(w.length))]
    bench.call('depthwise', bench.put(x), bench.put(w), bench.put(bias), y, outH, outW, channels, ...steps)
    bench.call('depthwiseFilter', bench.put(x), bench.put(dy), dw, outH, outW, channels, ...steps)
    const [out, gradient] = [new Float64Array(dy.length).map((_, i) => bias[i % channels]!), new Float64Array(w.length)]
    visit(s, true, (a, b, c) => {
      out[c]! += x[a]! * w[b]!
      gradient[b]! += x[a]! * dy[c]!
    })
    expectClose(bench.read(y), out)
    expectClose(bench.read(dw), gradient)
  })
})

/** The activations in double, erf by its series. */
const erf = (x: number): number => {
  if (Math.abs(x) > 5) return Math.sign(x)
  let [sum, term] = [x, x]
  for (let n = 1; n < 60; n++) sum += (term *= (-x * x) / n) / (2 * n + 1)
  return (2 / Math.sqrt(Math.PI)) * sum
}
const smooth: Record<string, { readonly kind: number; f(x: number): number }> = {
  swish: { kind: 2, f: (x) => x / (1 + Math.exp(-1.5 * x)) },
  gelu: { kind: 3, f: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)) },
  mish: { kind: 4, f: (x) => x * Math.tanh(Math.log1p(Math.exp(x))) },
  elu: { kind: 5, f: (x) => (x > 0 ? x : Math.expm1(x)) },
}

describe.each(Object.entries(smooth))('ensemble of %s', (_, { kind, f }) => {
  const n = 1003
  const x = draw(n, 4)
  const dy = draw(n)
  const h = 1e-4
  const slope = (g: (x: number) => number, at: number) => (g(at + h) - g(at - h)) / (2 * h)
  const run = (mix: number, alpha: number, top: number, drawKey = 0) => {
    const bench = new Bench()
    const state = bench.room(4)
    const view = new DataView(memory.buffer)
    view.setFloat32(state.address, alpha, true)
    view.setInt32(state.address + 4, threshold(alpha), true)
    view.setInt32(state.address + 8, drawKey, true)
    const [xs, y, slopes, dx] = [bench.put(x), bench.room(n), bench.room(n), bench.room(n)]
    // In two ranges whose border is no multiple of 4, as partitions may have it.
    for (const [from, to] of [
      [0, 501],
      [501, n],
    ] as const)
      bench.call('activate', kind, mix, top, 1.5, state, xs, y, slopes, from, to)
    bench.call('activateGradient', kind, mix, top, state, xs, slopes, bench.put(dy), dx, 0, n)
    return { y: bench.read(y), dx: bench.read(dx) }
  }
  const smoothAt = (v: number) => Math.abs(v) > 0.01 && Math.abs(v - 3) > 0.01
  const expectGradient = (dx: Float32Array, g: (x: number, i: number) => number) => {
    const away = [...x.keys()].filter((i) => smoothAt(x[i]!))
    expectClose(
      away.map((i) => dx[i]!),
      away.map((i) => dy[i]! * slope((v) => g(v, i), x[i]!)),
      2e-5,
    )
  }

  it.each([Number.POSITIVE_INFINITY, 3])('weighted over a base that ends at %d: Eq. 1 and its finite difference', (top) => {
    const g = (v: number) => 0.3 * Math.min(Math.max(v, 0), top) + 0.7 * f(v)
    const { y, dx } = run(1, 0.3, top)
    expectClose(y, Float64Array.from(x, g))
    expectGradient(dx, g)
  })

  it('stochastic: Eq. 3 with the draws of graph/math/random, the same in the gradient', () => {
    const drawKey = key(5, 'ensemble', 2, 9)
    const g = (v: number, i: number) => (bits(drawKey, i) >>> 8 < threshold(0.6) ? Math.max(v, 0) : f(v))
    const { y, dx } = run(2, 0.6, Number.POSITIVE_INFINITY, drawKey)
    expectClose(y, Float64Array.from(x, g))
    expectGradient(dx, g)
  })

  it('is its base to the bit at alpha 1, and its smooth activation at alpha 0, whatever the draws', () => {
    const none = run(0, 0, Number.POSITIVE_INFINITY)
    for (const mix of [1, 2])
      for (const drawKey of [1, -77]) {
        expect(run(mix, 1, Number.POSITIVE_INFINITY, drawKey).y.map((v) => v + 0)).toEqual(x.map((v) => Math.max(v, 0)))
        expect(run(mix, 0, Number.POSITIVE_INFINITY, drawKey)).toEqual(none)
      }
  })

  it('answers NaN for NaN and stays finite far out', () => {
    const bench = new Bench()
    const y = bench.room(8)
    bench.call('activate', kind, 0, Number.POSITIVE_INFINITY, 1, 0, bench.put([Number.NaN, -1e4, -100, -20, 20, 100, 1e4, 0]), y, 0, 0, 8)
    const [nan, ...rest] = bench.read(y)
    expect(nan).toBeNaN()
    expectClose(rest, [kind === 5 ? -1 : 0, kind === 5 ? -1 : 0, f(-20), 20, 100, 1e4, 0])
  })
})

describe.each([
  [1, 37],
  [6, 50],
  [8, 2000],
  [43, 7],
])('batch normalisation, %i channels, %i rows', (channels, rows) => {
  const epsilon = 1e-3
  // Means up to 26 deviations away from 0, where sums of plain squares would lose three digits.
  const x = draw(rows * channels, 2).map((v, i) => v + 10 * ((i % channels) % 7) - 30)
  const [dz, gamma, beta] = [draw(rows * channels), draw(channels), draw(channels)]
  const stride = Math.ceil(channels / 4) * 4
  const column = (values: ArrayLike<number>, c: number) => Float64Array.from({ length: rows }, (_, r) => values[r * channels + c]!)
  const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / rows

  it('normalises, and goes back through a ReLU', () => {
    const bench = new Bench()
    const [xs, state, z, factors] = [bench.put(x), bench.room(5 * stride), bench.room(x.length), bench.room(3 * stride)]
    const [g, b] = [bench.put(gamma), bench.put(beta)]
    const half = rows >> 1
    // Two partitions, each with its first row as its shift.
    const apart = 12 * stride
    const part = (region: Region, i: number) => at(region, i * apart)
    const zeros = () => bench.put(new Float32Array(6 * stride))
    const [sums, whole, back] = [zeros(), zeros(), zeros()]
    for (const [i, from, to] of [
      [0, 0, half],
      [1, half, rows],
    ] as const) {
      const shift = at(sums, i * apart + 8 * stride)
      bench.run([{ kernel: 'copyRows', args: [at(xs, from * channels * 4), 0, shift, 0, channels * 4, 1] }])
      if (to > from) bench.run([{ kernel: 'normSums', args: [xs, shift, part(sums, i), channels, from, to] }])
    }
    // The same sums with one shift for all.
    const single = bench.room(5 * stride)
    bench.call('normSums', xs, xs, whole, channels, 0, rows)
    bench.call('normState', whole, 1, 0, rows, xs, g, b, epsilon, single, channels)
    if (half > 0) bench.call('normStateOfParts', sums, 2, apart, rows, 1, g, b, epsilon, state, channels)
    else bench.call('copyRows', single, 0, state, 0, 20 * stride, 1)
    for (let vector = 0; vector < 5; vector++) {
      const [a, e] = [state, single].map(({ address }) => new Float32Array(memory.buffer, address + vector * 4 * stride, channels))
      expectClose(a!, e!, 2e-5)
    }
    bench.call('normActivate', 1, 0, Number.POSITIVE_INFINITY, 1, 0, xs, state, 0, z, 0, channels, 0, rows)
    const du = bench.put(dz)
    for (const [i, from, to] of [
      [0, 0, half],
      [1, half, rows],
    ] as const)
      bench.run([
        {
          kernel: 'normActivateGradient',
          args: [1, 0, Number.POSITIVE_INFINITY, 0, du, xs, state, 0, 0, du, part(back, i), channels, from, to],
        },
      ])
    const [dGamma, dBeta] = [bench.room(channels), bench.room(channels)]
    bench.call('normFactors', back, 2, apart, rows, g, state, factors, dGamma, dBeta, channels)
    bench.call('normGradient', du, xs, factors, du, channels, 0, rows)

    const [zs, dx] = [new Float64Array(x.length), new Float64Array(x.length)]
    const [gGamma, gBeta] = [new Float64Array(channels), new Float64Array(channels)]
    for (let c = 0; c < channels; c++) {
      const v = column(x, c)
      const m = mean(v)
      const r = 1 / Math.sqrt(mean(v.map((a) => (a - m) ** 2)) + epsilon)
      const hat = v.map((a) => (a - m) * r)
      const d = column(dz, c).map((a, i) => (hat[i]! * gamma[c]! + beta[c]! > 0 ? a : 0))
      gBeta[c] = mean(d) * rows
      gGamma[c] = mean(d.map((a, i) => a * hat[i]!)) * rows
      for (let i = 0; i < rows; i++) {
        zs[i * channels + c] = Math.max(0, hat[i]! * gamma[c]! + beta[c]!)
        dx[i * channels + c] = gamma[c]! * r * (d[i]! - gBeta[c]! / rows - (hat[i]! * gGamma[c]!) / rows)
      }
    }
    expectClose(bench.read(z), zs)
    expectClose(bench.read(dGamma), gGamma)
    expectClose(bench.read(dBeta), gBeta)
    expectClose(bench.read(du), dx)
  })
})

describe('cross-entropy', () => {
  it.each([2, 10, 43])('%i classes: loss, correct count and gradient, with smoothing and an ignored label', (classes) => {
    const [rows, smoothing] = [9, 0.1]
    const logits = draw(rows * classes, 5)
    const labels = Int32Array.from({ length: rows }, (_, r) => (r === 4 ? -1 : (r * 5) % classes))
    const bench = new Bench()
    const [share, held, gradient, result] = [bench.put([1 / 8]), bench.room(rows), bench.room(logits.length), bench.put([0, 0, 0, 0])]
    new Int32Array(memory.buffer, held.address, rows).set(labels)
    bench.call('crossEntropy', bench.put(logits), held, gradient, share, smoothing, classes, result, 0, rows)
    let [loss, correct] = [0, 0]
    const expected = new Float64Array(logits.length)
    for (const [r, label] of labels.entries()) {
      if (label < 0) continue
      const row = Float64Array.from(logits.subarray(r * classes, (r + 1) * classes))
      const whole = row.reduce((sum, v) => sum + Math.exp(v), 0)
      if (row.indexOf(Math.max(...row)) === label) correct++
      for (const [c, v] of row.entries()) {
        const target = smoothing / classes + (c === label ? 1 - smoothing : 0)
        loss -= target * (v - Math.log(whole))
        expected[r * classes + c] = (Math.exp(v) / whole - target) / 8
      }
    }
    const view = new DataView(memory.buffer, result.address)
    expect(view.getFloat64(0, true)).toBeCloseTo(loss, 4)
    expect(view.getFloat64(8, true)).toBe(correct)
    expectClose(bench.read(gradient), expected)
  })
})

describe('optimisers', () => {
  const n = 21
  const [w, v, g] = [draw(n), draw(n), draw(2 * 24)]
  const gradient = (i: number, decay: number) => g[i]! + g[24 + i]! + decay * w[i]!

  it('SGD with momentum and decay, gradients of two partitions summed', () => {
    const bench = new Bench()
    const [ws, vs] = [bench.put(w), bench.put(v)]
    bench.call('sgd', ws, vs, bench.put(g), 2, 96, bench.put([0.1]), 0.9, 0.01, 0, n)
    const speed = Array.from(v, (old, i) => 0.9 * old + gradient(i, 0.01))
    expectClose(bench.read(vs), speed)
    expectClose(
      bench.read(ws),
      Array.from(w, (old, i) => old - 0.1 * speed[i]!),
    )
  })

  it('Adam', () => {
    const bench = new Bench()
    const second = v.map(Math.abs)
    const [ws, ms, ss] = [bench.put(w), bench.put(v), bench.put(second)]
    bench.call(
      'adam',
      ws,
      ms,
      ss,
      bench.put(g),
      2,
      96,
      bench.put([0.1, 1 / (1 - 0.9 ** 3), 1 / (1 - 0.999 ** 3)]),
      0.9,
      0.999,
      1e-7,
      0.01,
      0,
      n,
    )
    const expected = Array.from(w, (old, i) => {
      const m = 0.9 * v[i]! + 0.1 * gradient(i, 0.01)
      const s = 0.999 * second[i]! + 0.001 * gradient(i, 0.01) ** 2
      return old - (0.1 * (m / (1 - 0.9 ** 3))) / (Math.sqrt(s / (1 - 0.999 ** 3)) + 1e-7)
    })
    expectClose(bench.read(ws), expected)
  })
})

it('dropout keeps by the draws of graph/math/random, scaled, in two ranges', () => {
  const [n, rate, drawKey] = [203, 0.4, key(1, 'dropout', 0, 3)]
  const x = draw(n)
  const bench = new Bench()
  const [state, y] = [bench.room(4), bench.room(n)]
  new Int32Array(memory.buffer, state.address, 2).set([threshold(rate), drawKey])
  for (const [from, to] of [
    [0, 99],
    [99, n],
  ] as const)
    bench.call('dropout', state, 1 / (1 - rate), bench.put(x), y, from, to)
  expectClose(
    bench.read(y),
    Array.from(x, (v, i) => (bits(drawKey, i) >>> 8 < threshold(rate) ? 0 : v / (1 - rate))),
  )
})

it('adds, with a base, a bias, and over rows', () => {
  const [n, channels] = [22, 11]
  const [a, b, bias] = [draw(n), draw(n), draw(channels)]
  const bench = new Bench()
  const [sum, based, biased, rows] = [bench.room(n), bench.room(n), bench.room(n), bench.put(new Float32Array(channels))]
  bench.call('add', bench.put(a), bench.put(b), sum, 0, n)
  bench.call('addBase', bench.put(a), bench.put(b), based, 0.5, 0, n)
  bench.call('addBias', bench.put(a), bench.put(bias), biased, channels, 0, 2)
  bench.call('addRows', bench.put(a), rows, channels, 0, 2)
  expectClose(
    bench.read(sum),
    Array.from(a, (v, i) => v + b[i]!),
  )
  expectClose(
    bench.read(based),
    Array.from(a, (v, i) => Math.min(0.5, Math.max(0, v + b[i]!))),
  )
  expectClose(
    bench.read(biased),
    Array.from(a, (v, i) => v + bias[i % channels]!),
  )
  expectClose(
    bench.read(rows),
    Array.from(bias, (_, c) => a[c]! + a[channels + c]!),
  )
})
