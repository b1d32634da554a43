/** Batch normalisation, an optional residual and an activation in one pass: each activation and mix against double, gradients by central differences. */
import { describe, it } from 'vitest'
import { key } from '../src/graph/math/random.ts'
import { drawOf, threshold } from '../src/training/pea/draw.ts'
import { Bench, draw, expectClose, memory } from './support/kernel-bench.ts'

/** By its series, and far out by its continued fraction: smooth enough for differences. */
const erf = (x: number): number => {
  const far = Math.abs(x)
  if (far > 2.5) {
    let fraction = far
    for (let k = 80; k >= 1; k--) fraction = far + k / 2 / fraction
    return Math.sign(x) * (1 - Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction)
  }
  let [sum, term] = [x, x]
  for (let n = 1; n < 60; n++) sum += (term *= (-x * x) / n) / (2 * n + 1)
  return (2 / Math.sqrt(Math.PI)) * sum
}
const kinds: Record<string, readonly [kind: number, f: (x: number, beta: number) => number]> = {
  identity: [0, (x) => x],
  relu: [1, (x) => Math.max(0, x)],
  swish: [2, (x, beta) => x / (1 + Math.exp(-beta * x))],
  gelu: [3, (x) => 0.5 * x * (1 + erf(x / Math.SQRT2))],
  mish: [4, (x) => x * Math.tanh(Math.log1p(Math.exp(x)))],
  elu: [5, (x) => (x > 0 ? x : Math.expm1(x))],
}
type Case = readonly [
  name: string,
  kind: string,
  mix: 0 | 1 | 2,
  top: number,
  beta: number,
  channels: number,
  rows: number,
  residual: boolean,
]
const free = Number.POSITIVE_INFINITY
const cases: readonly Case[] = [
  ['identity', 'identity', 0, free, 1, 5, 7, false],
  ['identity and a sum', 'identity', 0, free, 1, 8, 9, true],
  ['ReLU and a sum', 'relu', 0, free, 1, 6, 11, true],
  ['ReLU6', 'relu', 0, 6, 1, 1, 13, false],
  ['Swish of beta 0.5 and a sum', 'swish', 0, free, 0.5, 7, 8, true],
  ['weighted Swish of beta -2 over ReLU', 'swish', 1, free, -2, 4, 9, false],
  ['stochastic Swish of beta 3 over ReLU6 and a sum', 'swish', 2, 6, 3, 9, 6, true],
  ['GELU', 'gelu', 0, free, 1, 2, 30, false],
  ['weighted GELU over ReLU6 and a sum', 'gelu', 1, 6, 1, 8, 5, true],
  ['stochastic GELU over ReLU', 'gelu', 2, free, 1, 8, 6, false],
  ['Mish and a sum', 'mish', 0, free, 1, 10, 5, true],
  ['weighted Mish over ReLU and a sum', 'mish', 1, free, 1, 5, 9, true],
  ['stochastic Mish over ReLU and a sum', 'mish', 2, free, 1, 16, 4, true],
  ['stochastic Mish over ReLU6', 'mish', 2, 6, 1, 3, 12, false],
  ['weighted ELU over ReLU', 'elu', 1, free, 1, 6, 7, false],
  ['stochastic ELU over ReLU6 and a sum', 'elu', 2, 6, 1, 7, 6, true],
]
const [alpha, epsilon] = [0.35, 1e-3]

describe.each(cases)('%s', (_, kind, mix, top, beta, channels, rows, hasResidual) => {
  const [number, f] = kinds[kind]!
  const drawKey = key(9, 'ensemble', 1, 4)
  const n = rows * channels
  const [y, residual, dz] = [draw(n, 3), draw(n, 2), draw(n)]
  const [gamma, beta_] = [draw(channels).map((v) => 4 * v), draw(channels)]
  const base = (x: number) => Math.min(Math.max(0, x), top)
  const answer = (x: number, i: number): number => {
    if (kind === 'identity') return x
    if (kind === 'relu') return base(x)
    if (mix === 0) return f(x, beta)
    if (mix === 1) return alpha * base(x) + (1 - alpha) * f(x, beta)
    return drawOf(drawKey, i) < threshold(alpha) ? base(x) : f(x, beta)
  }
  const z = (ys: Float64Array, gammas: Float64Array, betas: Float64Array, residuals: Float64Array): Float64Array => {
    const out = new Float64Array(n)
    for (let c = 0; c < channels; c++) {
      const own = Array.from({ length: rows }, (_, r) => ys[r * channels + c]!)
      const mean = own.reduce((a, b) => a + b) / rows
      const inverse = 1 / Math.sqrt(own.reduce((sum, v) => sum + (v - mean) ** 2, 0) / rows + epsilon)
      for (let r = 0; r < rows; r++) {
        const i = r * channels + c
        out[i] = answer((own[r]! - mean) * inverse * gammas[c]! + betas[c]! + (hasResidual ? residuals[i]! : 0), i)
      }
    }
    return out
  }

  it('forward, and every gradient', () => {
    const bench = new Bench()
    const stride = Math.ceil(channels / 4) * 4
    const state = bench.room(4)
    const view = new DataView(memory.buffer)
    view.setFloat32(state.address, alpha, true)
    view.setInt32(state.address + 4, threshold(alpha), true)
    view.setInt32(state.address + 8, drawKey, true)
    const [ys, g, b, rs] = [bench.put(y), bench.put(gamma), bench.put(beta_), hasResidual ? bench.put(residual) : 0]
    const [norm, factors, out, du, dGamma, dBeta] = [5 * stride, 3 * stride, n, n, channels, channels].map((floats) =>
      bench.room(floats),
    ) as any
    const slopes = number > 1 ? bench.room(n) : 0
    const [sums, back] = [bench.put(new Float32Array(2 * stride)), bench.put(new Float32Array(2 * stride))]
    bench.call('normSums', ys, ys, sums, channels, 0, rows)
    bench.call('normState', sums, 1, 0, rows, ys, g, b, epsilon, norm, channels)
    // In two ranges, as partitions have it.
    for (const [from, to] of [
      [0, rows >> 1],
      [rows >> 1, rows],
    ] as const) {
      // biome-ignore format: a table
      bench.call('normActivate', number, mix, top, beta, state, ys, norm, rs, out, slopes, channels, from, to)
      bench.call('normActivateGradient', number, mix, top, state, bench.put(dz), ys, norm, rs, slopes, du, back, channels, from, to)
    }
    const toResidual = bench.read(du).slice()
    bench.call('normFactors', back, 1, 0, rows, g, norm, factors, dGamma, dBeta, channels)
    bench.call('normGradient', du, ys, factors, du, channels, 0, rows)

    const given = [y, gamma, beta_, residual].map((values) => Float64Array.from(values)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ]
    expectClose(bench.read(out), z(...given))
    const along = () => z(...given).reduce((sum, v, i) => sum + v * dz[i]!, 0)
    const slopesOf = (of: number, h = 1e-6) =>
      given[of]!.map((v, i) => {
        given[of]![i] = v + h
        const up = along()
        given[of]![i] = v - h
        const down = along()
        given[of]![i] = v
        return (up - down) / (2 * h)
      })
    expectClose(bench.read(du), slopesOf(0), 2e-5)
    expectClose(bench.read(dGamma), slopesOf(1), 1e-5)
    expectClose(bench.read(dBeta), slopesOf(2), 1e-5)
    if (hasResidual) expectClose(toResidual, slopesOf(3), 1e-5)
  })
})
