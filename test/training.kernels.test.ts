/** Batch normalisation, loss, optimisers, pooling and element-wise kernels against loops in double. */
import { describe, expect, it } from 'vitest'
import { bits, key } from '../src/graph/math/random.ts'
import { at, type Region } from '../src/training/backends/wasm/region.ts'
import { Bench, draw, expectClose, memory } from './support/kernel-bench.ts'

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
    bench.call('sgd', ws, vs, bench.put(g), 2, 96, bench.put([0.1, 1, 1, 1]), 0.9, 0.01, 0.2, 0, n)
    const speed = Array.from(v, (old, i) => 0.9 * old + gradient(i, 0.01))
    expectClose(bench.read(vs), speed)
    expectClose(
      bench.read(ws),
      Array.from(w, (old, i) => old - 0.1 * speed[i]! - 0.1 * 0.2 * old),
    )
  })

  it.each([1, 0.7, 0])('Adam, rectified by %d', (rectification) => {
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
      bench.put([0.1, 1 / (1 - 0.9 ** 3), 1 / (1 - 0.999 ** 3), rectification]),
      0.9,
      0.999,
      1e-7,
      0.01,
      0.2,
      0,
      n,
    )
    const expected = Array.from(w, (old, i) => {
      const m = 0.9 * v[i]! + 0.1 * gradient(i, 0.01)
      const s = 0.999 * second[i]! + 0.001 * gradient(i, 0.01) ** 2
      const adaptive = rectification === 0 ? 1 : rectification / (Math.sqrt(s / (1 - 0.999 ** 3)) + 1e-7)
      return old - 0.1 * (m / (1 - 0.9 ** 3)) * adaptive - 0.1 * 0.2 * old
    })
    expectClose(bench.read(ws), expected)
  })
})

it('dropout keeps by the draws of graph/math/random, scaled, in two ranges', () => {
  const threshold = (share: number) => Math.round(share * 2 ** 24)
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

it('adds, and adds over rows', () => {
  const [n, channels] = [22, 11]
  const [a, b] = [draw(n), draw(n)]
  const bench = new Bench()
  const [sum, rows] = [bench.room(n), bench.put(new Float32Array(channels))]
  bench.call('add', bench.put(a), bench.put(b), sum, 0, n)
  bench.call('addRows', bench.put(a), rows, channels, 0, 2)
  expectClose(
    bench.read(sum),
    Array.from(a, (v, i) => v + b[i]!),
  )
  expectClose(
    bench.read(rows),
    Array.from({ length: channels }, (_, c) => a[c]! + a[channels + c]!),
  )
})

describe('pooling', () => {
  const [batch, inH, inW, channels, outH, outW, kernelH, kernelW, strideH, strideW, top, left] = [2, 5, 7, 6, 3, 4, 3, 2, 2, 2, 1, 0]
  const geometry = [inH, inW, channels, outH, outW, kernelH, kernelW, strideH, strideW, top, left]
  const [x, dy] = [draw(batch * inH * inW * channels), draw(batch * outH * outW * channels)]
  /** The inputs under the window of each output. */
  const windows = Array.from(dy, (_, o) => {
    const [c, w, h, n] = [
      o % channels,
      Math.floor(o / channels) % outW,
      Math.floor(o / channels / outW) % outH,
      Math.floor(o / channels / outW / outH),
    ]
    const inside: number[] = []
    for (let i = h * strideH - top; i < h * strideH - top + kernelH; i++)
      for (let j = w * strideW - left; j < w * strideW - left + kernelW; j++)
        if (i >= 0 && i < inH && j >= 0 && j < inW) inside.push(((n * inH + i) * inW + j) * channels + c)
    return inside
  })

  it('takes the maximum, and its gradient to the place that had it', () => {
    const bench = new Bench()
    const [xs, y, dx] = [bench.put(x), bench.room(dy.length), bench.room(x.length)]
    bench.call('maxPool', xs, y, ...geometry, 0, batch)
    bench.call('maxPoolGradient', xs, y, bench.put(dy), dx, ...geometry, 0, batch)
    const expected = new Float64Array(x.length)
    const largest = windows.map((inside) => inside.reduce((best, i) => (x[i]! > x[best]! ? i : best)))
    for (const [o, i] of largest.entries()) expected[i]! += dy[o]!
    expectClose(
      bench.read(y),
      largest.map((i) => x[i]!),
    )
    expectClose(bench.read(dx), expected)
  })

  it('averages over what lies inside the image, and shares the gradient among it', () => {
    const bench = new Bench()
    const [y, dx] = [bench.room(dy.length), bench.room(x.length)]
    bench.call('averagePool', bench.put(x), y, ...geometry, 0, batch)
    bench.call('averagePoolGradient', bench.put(dy), dx, ...geometry, 0, batch)
    const expected = new Float64Array(x.length)
    for (const [o, inside] of windows.entries()) for (const i of inside) expected[i]! += dy[o]! / inside.length
    expectClose(
      bench.read(y),
      windows.map((inside) => inside.reduce((sum, i) => sum + x[i]!, 0) / inside.length),
    )
    expectClose(bench.read(dx), expected)
  })
})
