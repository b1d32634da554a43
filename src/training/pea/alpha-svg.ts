/** Alpha over the training as a picture (Utasi 2022, Fig. 1): the share of ReLU, the phases, the epochs. */
import type { Curve, RunLength } from './plan.ts'

const [width, height] = [640, 260]
const plot = { left: 48, right: 16, top: 36, bottom: 44 }
const [across, down] = [width - plot.left - plot.right, height - plot.top - plot.bottom]
const strokes = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd', '#ff7f0e', '#17becf']
/** More points than pixels say nothing. */
const mostPoints = 512

const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)
const at = (value: number): string => String(Math.round(value * 100) / 100)

/** One curve for each different schedule. The text of an SVG file, 640 x 260; nothing in it depends on anything else. */
export function alphaSvg(curves: readonly Curve[], { epochs, stepsPerEpoch }: RunLength): string {
  const iterations = epochs * stepsPerEpoch
  const x = (iteration: number): string => at(plot.left + (across * iteration) / iterations)
  const y = (alpha: number): string => at(plot.top + down * (1 - alpha))
  const line = (x1: string, y1: string, x2: string, y2: string, more: string): string =>
    `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" ${more}/>`
  const text = (px: string, py: string, words: string, more = ''): string => `<text x="${px}" y="${py}" ${more}>${escaped(words)}</text>`
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((alpha) => [
    line(x(0), y(alpha), x(iterations), y(alpha), 'stroke="#ddd"'),
    text(at(plot.left - 8), at(Number(y(alpha)) + 4), String(alpha), 'text-anchor="end"'),
  ])
  const ticks = epochTicks(epochs).map((epoch) =>
    text(x(epoch * stepsPerEpoch), at(height - plot.bottom + 18), String(epoch), 'text-anchor="middle"'),
  )
  const drawn = curves.flatMap(({ from, to, alpha, ensembles }, i) => {
    const stroke = strokes[i % strokes.length]!
    const borders = [from, to].map((border) => line(x(border), y(0), x(border), y(1), `stroke="${stroke}" stroke-dasharray="3 3"`))
    const points = sampled(from, to).map((iteration) => `${x(iteration)},${y(alpha(iteration))}`)
    const path = [`${x(0)},${y(alpha(0))}`, ...points, `${x(iterations)},${y(1)}`].join(' ')
    const who = curves.length > 1 ? `<title>${escaped(ensembles.join(', '))}</title>` : ''
    return [...borders, `<polyline points="${path}" fill="none" stroke="${stroke}" stroke-width="2">${who}</polyline>`]
  })
  const [first] = curves
  const phases = curves.length === 1 ? [['initial', 0, first!.from], ['transition', first!.from, first!.to], ['final', first!.to, iterations]] as const : [] // biome-ignore format: a table
  const names = phases.flatMap(([name, from, to]) =>
    to > from ? [text(x((from + to) / 2), at(plot.top - 10), name, 'text-anchor="middle" fill="#666"')] : [],
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>alpha, the share of ReLU, over ${epochs} epochs of ${stepsPerEpoch} steps</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...[...grid, ...ticks, ...drawn, ...names],
    text(at(plot.left + across / 2), at(height - 8), 'epoch', 'text-anchor="middle"'),
    text('14', at(plot.top + down / 2), 'α', 'text-anchor="middle"'),
    '</svg>\n',
  ].join('\n')
}

/** Round numbers of epochs, at most eleven. */
function epochTicks(epochs: number): number[] {
  const step = [1, 2, 5]
    .flatMap((n) => [0, 1, 2, 3, 4, 5].map((power) => n * 10 ** power))
    .sort((a, b) => a - b)
    .find((n) => epochs / n <= 10)!
  return Array.from({ length: Math.floor(epochs / step) + 1 }, (_, i) => i * step)
}

/** Iterations from the one before the transition to the first of the final phase. */
function sampled(from: number, to: number): number[] {
  const first = Math.max(0, from - 1)
  const stride = Math.max(1, Math.ceil((to - first) / mostPoints))
  const some = Array.from({ length: Math.floor((to - first) / stride) + 1 }, (_, i) => first + i * stride)
  return some.at(-1) === to ? some : [...some, to]
}
