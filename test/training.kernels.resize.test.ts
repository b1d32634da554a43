/** Resizing, pooling, and dropout of channels against loops in double, with gradients by central differences: odd sizes, sizes of one, any channel count. */
import { describe, expect, it } from 'vitest'
import { bits, key } from '../src/graph/math/random.ts'
import { Bench, draw, expectClose, memory } from './support/kernel-bench.ts'

type Function = (x: Float64Array) => Float64Array

/** The gradient of sum(dy f(x)) by x, by central differences in double. */
function slopes(f: Function, x: ArrayLike<number>, dy: ArrayLike<number>, h = 1e-4): Float64Array {
  const at = Float64Array.from(x)
  const along = () => f(at).reduce((sum, y, i) => sum + y * dy[i]!, 0)
  return at.map((v, i) => {
    at[i] = v + h
    const up = along()
    at[i] = v - h
    const down = along()
    at[i] = v
    return (up - down) / (2 * h)
  })
}

describe.each([
  { batch: 2, H: 2, W: 3, channels: 6, factorH: 2, factorW: 3 },
  { batch: 1, H: 1, W: 1, channels: 1, factorH: 4, factorW: 2 },
  { batch: 2, H: 4, W: 1, channels: 4, factorH: 1, factorW: 5 },
  { batch: 1, H: 2, W: 7, channels: 9, factorH: 3, factorW: 1 },
])('resizing $batch x $H x $W x $channels by $factorH x $factorW', ({ batch, H, W, channels, factorH, factorW }) => {
  const [outH, outW] = [H * factorH, W * factorW]
  const [x, dy] = [draw(batch * H * W * channels), draw(batch * outH * outW * channels)]
  const at = (n: number, h: number, w: number, c: number) => ((n * H + h) * W + w) * channels + c
  const each =
    (answer: (v: Float64Array, n: number, h: number, w: number, c: number) => number): Function =>
    (v) =>
      Float64Array.from(dy, (_, o) => {
        const [c, w, h] = [o % channels, Math.floor(o / channels) % outW, Math.floor(o / channels / outW) % outH]
        return answer(v, Math.floor(o / channels / outW / outH), h, w, c)
      })
  const references: Record<string, Function> = {
    nearest: each((v, n, h, w, c) => v[at(n, Math.floor(h / factorH), Math.floor(w / factorW), c)]!),
    bilinear: each((v, n, h, w, c) => {
      const [y, z] = [h / factorH, w / factorW]
      const [y0, z0] = [Math.floor(y), Math.floor(z)]
      const row = (i: number) => {
        const line = Math.min(H - 1, i)
        return v[at(n, line, z0, c)]! * (1 - z + z0) + v[at(n, line, Math.min(W - 1, z0 + 1), c)]! * (z - z0)
      }
      return row(y0) * (1 - y + y0) + row(y0 + 1) * (y - y0)
    }),
  }
  it.each(Object.entries(references))('%s, and its gradient', (kernel, reference) => {
    const bench = new Bench()
    const [y, dx] = [bench.room(dy.length), bench.room(x.length)]
    const geometry = [H, W, channels, factorH, factorW, 0, batch]
    bench.call(kernel, bench.put(x), y, ...geometry)
    bench.call(`${kernel}Gradient`, bench.put(dy), dx, ...geometry)
    expectClose(bench.read(y), reference(Float64Array.from(x)))
    expectClose(bench.read(dx), slopes(reference, x, dy))
  })
})

const pools: Record<string, number[]> = {
  // batch, inH, inW, channels, outH, outW, kernelH, kernelW, strideH, strideW, top, left
  'same 3 x 3 stride 2, 7 channels': [2, 5, 7, 7, 3, 4, 3, 3, 2, 2, 1, 1],
  'valid 2 x 2 stride 2, 4 channels': [1, 6, 4, 4, 3, 2, 2, 2, 2, 2, 0, 0],
  'one pixel': [2, 1, 1, 3, 1, 1, 1, 1, 1, 1, 0, 0],
  'one pixel under a window of 5 x 5': [2, 1, 1, 5, 1, 1, 5, 5, 1, 1, 2, 2],
  'a window wider than the image, overlapping': [1, 2, 3, 2, 4, 5, 5, 7, 1, 1, 3, 4],
  global: [3, 5, 3, 10, 1, 1, 5, 3, 1, 1, 0, 0],
  'stride wider than the window': [1, 7, 8, 1, 3, 2, 2, 1, 3, 5, 0, 0],
}
describe.each(Object.entries(pools))('pooling, %s', (_, [batch, ...geometry]) => {
  const [inH, inW, channels, outH, outW, kernelH, kernelW, strideH, strideW, top, left] = geometry as [number, number, number, number, number, number, number, number, number, number, number] // biome-ignore format: a list
  const [x, dy] = [draw(batch! * inH * inW * channels), draw(batch! * outH * outW * channels)]
  const windows = Array.from(dy, (_, o) => {
    const [c, w, h] = [o % channels, Math.floor(o / channels) % outW, Math.floor(o / channels / outW) % outH]
    const n = Math.floor(o / channels / outW / outH)
    const inside: number[] = []
    for (let i = h * strideH - top; i < h * strideH - top + kernelH; i++)
      for (let j = w * strideW - left; j < w * strideW - left + kernelW; j++)
        if (i >= 0 && i < inH && j >= 0 && j < inW) inside.push(((n * inH + i) * inW + j) * channels + c)
    return inside
  })
  const references: Record<string, Function> = {
    maxPool: (v) => Float64Array.from(windows, (inside) => Math.max(...inside.map((i) => v[i]!))),
    averagePool: (v) => Float64Array.from(windows, (inside) => inside.reduce((sum, i) => sum + v[i]!, 0) / inside.length),
  }
  it.each(Object.entries(references))('%s, and its gradient', (kernel, reference) => {
    const bench = new Bench()
    const [xs, y, dx, dys] = [bench.put(x), bench.room(dy.length), bench.room(x.length), bench.put(dy)]
    bench.call(kernel, xs, y, ...geometry, 0, batch!)
    bench.call(`${kernel}Gradient`, ...(kernel === 'maxPool' ? [xs, y, dys] : [dys]), dx, ...geometry, 0, batch!)
    expectClose(bench.read(y), reference(Float64Array.from(x)))
    // Draws lie further apart than 1e-6: no maximum changes hands.
    expectClose(bench.read(dx), slopes(reference, x, dy, 1e-6))
  })
})

it.each([1, 6, 8])('dropout of whole channels, %i of them, by the draws of graph/math/random, forward and back alike', (channels) => {
  const [batch, pixels, rate, drawKey] = [3, 5, 0.4, key(1, 'dropout', 2, 7)]
  const below = Math.round(rate * 2 ** 24)
  const x = draw(batch * pixels * channels)
  const bench = new Bench()
  const [state, y] = [bench.room(4), bench.room(x.length)]
  new Int32Array(memory.buffer, state.address, 2).set([below, drawKey])
  for (const [from, to] of [[0, 1], [1, batch]] as const) // biome-ignore format: a table
    bench.call('dropoutChannels', state, 1 / (1 - rate), bench.put(x), y, channels, pixels, from, to)
  const kept = (i: number) => bits(drawKey, Math.floor(i / pixels / channels) * channels + (i % channels)) >>> 8 >= below
  expectClose(
    bench.read(y),
    Array.from(x, (v, i) => (kept(i) ? v / (1 - rate) : 0)),
  )
  expect(Array.from(x, (_, i) => kept(i)).filter(Boolean).length).toBeGreaterThan(0)
})
