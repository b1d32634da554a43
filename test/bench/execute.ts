/** Images a second of the bit-exact executor: a MobileNet, and the real models where ../shared is there; plain and fast kernels. */
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { prepareExecutor } from '../../src/execute/execute.ts'
import { loadFastKernels } from '../../src/execute/fast/load.ts'
import { executeAll } from '../../src/execute/pool/execute-all.ts'
import { readTflite } from '../../src/formats/tflite/read.ts'
import { type Graph, size } from '../../src/graph/ir/graph.ts'
import { bits, key } from '../../src/graph/math/random.ts'
import { opOf } from '../../src/graph/ops/registry.ts'
import { mobilenetInt8 } from '../samples/mobilenet-int8.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
const inputsFor = (graph: Graph, count: number) => {
  const stream = key(1, 'test')
  return Int8Array.from({ length: count * size(graph.tensors[graph.inputs[0]!]!.shape) }, (_, i) => bits(stream, i) & 0xff)
}

/** The median of the times of one inference, after `warm` of them, for about `ms` milliseconds. */
function medianMs(graph: Graph, fast: boolean, ms: number): number {
  const executor = prepareExecutor(graph, fast ? { fast: loadFastKernels() } : {})
  const input = inputsFor(graph, 1)
  const times: number[] = []
  const run = () => {
    const from = performance.now()
    executor.run([input])
    return performance.now() - from
  }
  for (const until = performance.now() + ms; performance.now() < until; ) run()
  for (const until = performance.now() + ms; performance.now() < until || times.length < 3; ) times.push(run())
  return times.sort((a, b) => a - b)[times.length >> 1]!
}

const macsOf = (graph: Graph) =>
  graph.nodes.reduce((sum, node) => {
    const operands = (ids: readonly number[]) => ids.map((i) => graph.tensors[i]!)
    return sum + opOf(node).macs(node.attrs, operands(node.inputs), operands(node.outputs))
  }, 0)

function compare(name: string, graph: Graph): void {
  const [plain, fast] = [medianMs(graph, false, 1000), medianMs(graph, true, 500)]
  const rate = macsOf(graph) / fast / 1e6
  say(
    `${name.padEnd(24)} plain ${plain.toFixed(2).padStart(7)} ms   fast ${fast.toFixed(3).padStart(7)} ms   ${(plain / fast).toFixed(0).padStart(4)} x   ${Math.round(1000 / fast)} images/s   ${rate.toFixed(1)} GMAC/s`,
  )
}

const mobilenet = mobilenetInt8()
compare('mobilenet-0.25 32x32', mobilenet)
const shared = join(process.cwd(), '../shared/models')
for (const name of ['pretrainedResnet_quant', 'kws_ref_model', 'ad01_int8', 'person_detect'])
  if (existsSync(shared)) compare(name, readTflite(readFileSync(join(shared, `${name}.tflite`))))
  else say(`${name.padEnd(24)} skipped: no ${shared}`)

const COUNT = 4000
const inputs = inputsFor(mobilenet, COUNT)
for (let threads = 1; threads <= Math.min(4, availableParallelism()); threads++) {
  const from = performance.now()
  await executeAll(mobilenet, inputs, { threads })
  const ms = performance.now() - from
  say(`${COUNT} images, ${threads} thread${threads > 1 ? 's' : ''}: ${ms.toFixed(0)} ms, ${Math.round((COUNT / ms) * 1000)} images/s`)
}
