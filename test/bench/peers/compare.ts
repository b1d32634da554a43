/**
 * Training steps of ours beside PyTorch's (eager, CPU; both memory layouts, the faster one counts), and of ensembles beside ReLU. Ours
 * and theirs run by turns, twice, a process each; ensembles run by turns with ReLU in one process. Milliseconds are of CPU time,
 * which other work on the machine disturbs least, and of wall time on two threads. Usage: compare.js PYTHON [NETWORK…].
 */
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { batchSizeOf, type NetworkName, type Timed } from './bench-step.ts'

type Side = { readonly times: readonly [cpu: number, wall: number][]; readonly memoryMiB: number }

const [python, ...only] = process.argv.slice(2) as [string, ...string[]]
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const say = (line: string) => process.stdout.write(`${line}\n`)
const read = (program: string, args: readonly string[]) => JSON.parse(execFileSync(program, [...args], { encoding: 'utf8' }))

const own = (network: string, activations: readonly string[], threads: number, steps: number): { timed: Timed[]; memoryMiB: number } =>
  read(process.execPath, [here('own-step.js'), network, activations.join(), String(threads), String(steps)])
function torch(network: string, activation: string, layout: string, threads: number, steps: number): Side {
  const script = here('../../../../../test/bench/peers/torch_step.py')
  const result = read(python, [script, network, activation, layout, String(threads), String(steps)])
  if (!Number.isFinite(result.loss)) throw new Error(`${network} does not train in PyTorch: loss ${result.loss}`)
  return result
}

const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b)
const middle = (values: readonly number[]) => sorted(values)[values.length >> 1]!
const least = (runs: readonly Side[], column: 0 | 1) => sorted(runs.flatMap(({ times }) => times.map((t) => t[column])))[0]!
const most = (runs: readonly Side[]) => Math.max(...runs.map(({ memoryMiB }) => memoryMiB))
const times = (ratio: number) => `${ratio.toFixed(2)} x`
const row = (...cells: readonly string[]) => say(`| ${cells.join(' | ')} |`)

/** Both sides with ReLU on `threads` threads: the least milliseconds a step, and peak memory. */
function both(network: NetworkName, threads: number, steps: number) {
  const [ours, theirs]: [Side[], Record<string, Side[]>] = [[], { nchw: [], nhwc: [] }]
  for (let round = 0; round < 2; round++) {
    const { timed, memoryMiB } = own(network, ['relu'], threads, steps)
    ours.push({ times: timed[0]!.times, memoryMiB })
    for (const [layout, runs] of Object.entries(theirs)) runs.push(torch(network, 'relu', layout, threads, steps))
  }
  const column = threads > 1 ? 1 : 0
  const [layout, runs] = Object.entries(theirs).reduce((a, b) => (least(b[1], column) < least(a[1], column) ? b : a))
  return {
    own: least(ours, column),
    torch: least(runs, column),
    wall: [least(ours, 1), least(runs, 1)],
    layout,
    memory: [most(ours), most(runs)],
  }
}

say(`processor: ${cpus()[0]!.model}, ${cpus().length} cores; Node ${process.version}`)
say('ms a step are the fastest; ensembles over ReLU are medians over pairs of steps; first losses are checked against tfjs before')
row('network, batch', 'step', 'Peapod ms', 'PyTorch ms', 'ratio', 'asked', 'images/s', 'MiB, Peapod and PyTorch')
row(...Array(8).fill('---'))
for (const [network, steps, asked] of [
  ['mobilenet-0.25', 20, 1.2],
  ['resnet-20', 8, 2],
  ['erfnet', 4, 2],
] as const) {
  if (only.length > 0 && !only.includes(network)) continue
  const batch = batchSizeOf(network)
  const line = (...cells: readonly string[]) => row(`${network}, ${batch}`, ...cells)
  const rate = (ms: number) => Math.round((1000 * batch) / ms).toString()
  const one = both(network, 1, steps)
  const compared = (step: string, r: typeof one, limit: string) =>
    line(
      step,
      r.own.toFixed(1),
      `${r.torch.toFixed(1)} ${r.layout}`,
      `${times(r.own / r.torch)} PyTorch`,
      limit,
      rate(r.own),
      r.memory.join(' and '),
    )
  compared('relu, 1 thread', one, `at most ${asked}`)
  if (network === 'erfnet') continue
  const two = both(network, 2, steps)
  compared('relu, 2 threads', two, '')
  const [faster, theirs] = two.wall.map((ms, i) => times(one.wall[i]! / ms))
  line('2 threads over 1', '', '', `${faster}, PyTorch ${theirs}`, 'at least 1.5', '', '')
  for (const mix of ['weighted', 'stochastic'])
    for (const smooth of ['mish', 'gelu', 'swish']) {
      const activation = `${mix}-${smooth}`
      const [relu, mixed] = own(network, ['relu', activation], 1, steps).timed.map((t) => t.times.map(([cpu]) => cpu)) as [
        number[],
        number[],
      ]
      const composed = torch(network, activation, one.layout, 1, Math.ceil(steps / 2))
      const [ms, torchMs] = [sorted(mixed)[0]!, least([composed], 0)]
      const over = `${times(middle(mixed.map((t, i) => t / relu[i]!)))} ReLU; PyTorch ${times(torchMs / one.torch)}`
      line(activation, ms.toFixed(1), `${torchMs.toFixed(1)} ${one.layout}`, over, 'at most 1.15', rate(ms), '')
    }
}
