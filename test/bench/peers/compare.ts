/**
 * Training steps of ours beside PyTorch's (eager, CPU), one process a figure, ours and theirs by turns, twice: the fastest and the median
 * milliseconds of CPU time a step, which other work on the machine disturbs least; of wall time where two threads are at work.
 * Usage: compare.js PYTHON. PyTorch runs in both memory layouts; the faster one counts.
 */
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'

type Times = { readonly times: readonly [cpu: number, wall: number][]; readonly loss: number; readonly memoryMiB: number }
type Figure = { readonly least: number; readonly median: number; readonly memoryMiB: number }

const python = process.argv[2]!
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const say = (line: string) => process.stdout.write(`${line}\n`)
const run = (program: string, args: readonly string[]): Times => JSON.parse(execFileSync(program, [...args], { encoding: 'utf8' }))

function figure(network: string, runs: readonly Times[], column: 0 | 1): Figure {
  for (const { loss } of runs) if (!Number.isFinite(loss)) throw new Error(`${network} does not train: loss ${loss}`)
  const all = runs.flatMap(({ times }) => times.map((t) => t[column])).sort((a, b) => a - b)
  return { least: all[0]!, median: all[all.length >> 1]!, memoryMiB: Math.max(...runs.map((r) => r.memoryMiB)) }
}

/** Both sides of one line of the table. */
function measure(network: string, activation: string, threads: number, steps: number, layouts: readonly string[]) {
  const [ours, theirs]: [Times[], Map<string, Times[]>] = [[], new Map(layouts.map((layout) => [layout, []]))]
  for (let round = 0; round < 2; round++) {
    ours.push(run(process.execPath, [here('own-step.js'), network, activation, String(threads), String(steps)]))
    for (const [layout, runs] of theirs)
      runs.push(
        run(python, [here('../../../../../test/bench/peers/torch_step.py'), network, activation, layout, String(threads), String(steps)]),
      )
  }
  const column = threads > 1 ? 1 : 0
  const torch = [...theirs].map(([layout, runs]) => ({ layout, ...figure(network, runs, column) }))
  return { own: figure(network, ours, column), torch, best: torch.reduce((a, b) => (b.least < a.least ? b : a), torch[0]!) }
}

const row = (cells: readonly (string | number)[]) =>
  say(`| ${cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(1) : cell)).join(' | ')} |`)

say(`processor: ${cpus()[0]!.model}, ${cpus().length} cores; Node ${process.version}`)
say('ms a step: the fastest (the median); "against" compares the fastest')
row([
  'network',
  'activation',
  'threads',
  'Peapod',
  'PyTorch nchw',
  'PyTorch nhwc',
  'against PyTorch',
  'against ReLU',
  'MiB, Peapod and PyTorch',
])
row(Array(9).fill('---'))
const one = new Map<string, number>()
const text = ({ least, median }: Figure) => `${least.toFixed(1)} (${median.toFixed(1)})`
for (const [network, activation, threads, steps] of [
  ['mobilenet-0.25', 'relu', 1, 20],
  ['mobilenet-0.25', 'weighted', 1, 20],
  ['mobilenet-0.25', 'stochastic', 1, 20],
  ['mobilenet-0.25', 'relu', 2, 20],
  ['resnet-20', 'relu', 1, 8],
  ['resnet-20', 'weighted', 1, 8],
  ['resnet-20', 'stochastic', 1, 8],
  ['resnet-20', 'relu', 2, 8],
  ['erfnet', 'relu', 1, 4],
] as const) {
  const { own, torch, best } = measure(network, activation, threads, steps, ['nchw', 'nhwc'])
  if (activation === 'relu' && threads === 1) one.set(network, own.least)
  const relative = own.least / one.get(network)!
  row([
    network,
    activation,
    String(threads),
    text(own),
    ...torch.map(text),
    `${(own.least / best.least).toFixed(2)} x`,
    threads > 1 ? `1 thread over 2: ${(1 / relative).toFixed(2)} x` : `${relative.toFixed(2)} x`,
    `${own.memoryMiB} and ${best.memoryMiB}`,
  ])
}
