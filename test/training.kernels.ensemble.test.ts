/** Ensembles and smooth activations against double: Eq. 1, Eq. 3 with the contract's draws, finite differences. */
import { describe, expect, it } from 'vitest'
import { key } from '../src/graph/math/random.ts'
import { drawOf, threshold } from '../src/training/pea/draw.ts'
import { Bench, draw, expectClose, memory } from './support/kernel-bench.ts'

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
    const g = (v: number, i: number) => (drawOf(drawKey, i) < threshold(0.6) ? Math.max(v, 0) : f(v))
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
