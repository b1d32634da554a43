/** What stands beside an estimate, and answers with their estimate from one call. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { prepareExecutor } from '../src/execute/execute.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import type { Graph } from '../src/graph/ir/graph.ts'
import { ops } from '../src/graph/ops/registry.ts'
import { readNpy } from '../src/npy.ts'
import { besideLines } from '../src/report/writers/beside-lines.ts'
import { findCompiler } from '../src/target/compilers/find-compiler.ts'
import { loadTarget } from '../src/target/profiles/load.ts'
import type { Target } from '../src/target/profiles/schema.ts'
import { answer } from '../src/target/simulate/answer.ts'
import { simulate } from '../src/target/simulate/simulate.ts'
import { mobilenetInt8 } from './samples/mobilenet-int8.ts'
import { networkInput } from './support/network-inputs.ts'
import { runCli } from './support/run-cli.ts'
import { bias, indices, map, oneNode, weights } from './support/small-graph.ts'

const folder = mkdtempSync(join(tmpdir(), 'peapod-answer-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string) => join(folder, name)

const npu = loadTarget('ethos-u55-128')
function numbersOf({ engine }: Target) {
  const { host, start, transfer } = (engine.kind === 'ethos-u' && engine.besides) || {}
  if (!host || !start || !transfer) throw new Error('nothing beside')
  return { host, start, transfer }
}
/** A mean over more elements than Vela takes: it runs on the CPU. */
const onCpu = oneNode('mean', { keepDims: false }, [map('x', [1, 5000, 1, 8]), indices('a', [1, 2])], map('y', [1, 8]))
const network = mobilenetInt8()

describe('beside the total', () => {
  test('an operator on the CPU of an Ethos-U has the host’s price, apart from the total', () => {
    const { besides, totalCycles, latencyMs, unpriced, complete, notes } = simulate(onCpu, npu)
    const { prices, times, evidence } = numbersOf(npu).host
    const { cyclesPerByte, cyclesPerNode } = prices.families.reduce
    const ms =
      ((5000 * 8 + 8) * cyclesPerByte + cyclesPerNode + simulate(onCpu, npu).macs * prices.families.reduce.cyclesPerMac) / prices.clockHz
    expect(besides!.cpuMs).toMatchObject({ evidence, operators: [{ name: 'y', op: 'mean' }] })
    expect(besides!.cpuMs!.low).toBeCloseTo(1000 * ms * times[0], 9)
    expect(besides!.cpuMs!.high).toBeCloseTo(1000 * ms * times[1], 9)
    expect([totalCycles, latencyMs, unpriced, complete]).toEqual([0, 0, ['y'], false])
    expect(notes.join(' ')).toContain('1 operators run on the CPU and stand beside the total: mean (y)')
    expect(besides!.startMs).toMatchObject({ low: 0, high: 0 })
  })

  test('a network on the accelerator is started once, and its input and output travel', () => {
    const estimate = simulate(network, npu)
    const { start, transfer } = numbersOf(npu)
    const bytes = 32 * 32 * 3 + network.tensors[network.outputs[0]!]!.shape.at(-1)!
    expect(estimate.complete).toBe(true)
    expect(estimate.besides!.cpuMs).toMatchObject({ low: 0, high: 0, operators: [] })
    expect(estimate.besides!.startMs).toMatchObject({ low: start.ms[0], high: start.ms[1] })
    expect(estimate.besides!.transferMs!.low).toBeCloseTo((1000 * bytes) / transfer.bytesPerSecond[1], 9)
    expect(estimate.besides!.transferMs!.high).toBeCloseTo((1000 * bytes) / transfer.bytesPerSecond[0], 9)
    expect(estimate.latencyMs).toBe((estimate.totalCycles / estimate.clockHz) * 1000)
  })

  test('the numbers of every Ethos-U say that they are assumed, and a board has its own', () => {
    for (const name of ['ethos-u55-32', 'ethos-u65-512', 'ethos-u85-2048', 'nxp-imx93'])
      for (const { evidence } of Object.values(numbersOf(loadTarget(name)))) expect(evidence.confidence).toBe('assumed')
    expect(numbersOf(loadTarget('nxp-imx93')).host.prices.clockHz).toBe(1.5e9)
    expect(numbersOf(loadTarget('nxp-imx93')).transfer).toEqual(numbersOf(npu).transfer)
  })

  test('a profile without them says so; prices of a target that there is not, or of another kind, are refused', () => {
    const mine = (name: string, besides: unknown) => {
      writeFileSync(at(`${name}.json`), JSON.stringify({ name, title: 'Mine', extends: 'ethos-u55-64', engine: { besides } }))
      return at(`${name}.json`)
    }
    const bare = simulate(onCpu, loadTarget(mine('bare', null)))
    expect([bare.besides, bare.unpriced]).toEqual([undefined, ['y']])
    expect(bare.notes.join(' ')).toContain('run on the CPU and have no price')
    expect(() => loadTarget(mine('lost', { host: { pricesOf: 'cortex-m56' } }))).toThrow(
      expect.objectContaining({ code: 'unknown-target' }),
    )
    expect(() => loadTarget(mine('odd', { host: { pricesOf: 'systolic' } }))).toThrow(expect.objectContaining({ code: 'bad-target' }))
    expect(() => loadTarget(mine('turned', { start: { ms: [2, 1] } }))).toThrow(/lower end comes first/)
  })

  test('the report and the command line print them, and mark a total that lacks layers', async () => {
    const lines = besideLines(simulate(onCpu, npu))
    expect(lines[0]).toBe('INCOMPLETE: the total lacks y')
    expect(lines.filter((line) => line.includes('(assumed), not in the total'))).toHaveLength(3)
    expect(besideLines({ ...simulate(network, npu), besides: {} })).toEqual([])
    writeFileSync(at('cpu.tflite'), writeTflite(onCpu))
    const words = ['simulate', at('cpu.tflite'), '--target', 'ethos-u55-128']
    expect((await runCli(...words)).out).toContain(lines.join('\n'))
    const { besides, complete, unpriced } = JSON.parse((await runCli(...words, '--json')).out)
    expect([complete, unpriced]).toEqual([false, ['y']])
    expect(besides.cpuMs.high).toBeGreaterThan(besides.cpuMs.low)
  })
})

/** Two roundings and one differ here: seen by trying. */
const dense: Graph<'quantised'> = oneNode(
  'fully-connected',
  {},
  [
    map('x', [1, 64]),
    { ...weights('w', [256, 64], 0), data: Int8Array.from({ length: 256 * 64 }, (_, i) => ((i * 73) % 255) - 127) },
    bias('b', 256),
  ],
  map('y', [1, 256], { scale: [0.9], zero: [0], axis: 0 }),
)
const denseInput = Int8Array.from({ length: 64 }, (_, i) => ((i * 37) % 256) - 128)

describe('answers', () => {
  test('outputs of the executor and the estimate come from one call', () => {
    const inputs = [0, 1].map((n) => [networkInput(n, [1, 32, 32, 3])])
    const { outputs, estimate, rounding, says } = answer(network, npu, inputs)
    const executor = prepareExecutor(network, { rounding: 'tflm' })
    expect(outputs).toEqual(inputs.map((each) => executor.run(each).map((y) => y.slice())))
    expect(outputs[0]).not.toEqual(outputs[1])
    expect(estimate).toEqual(simulate(network, npu))
    expect([rounding, says]).toEqual(['tflm', npu.numerics!.says])
  })

  test('the machine’s numerics or the reference’s: they differ where a dense layer rounds twice', () => {
    const run = (numerics: 'target' | 'reference') => answer(dense, npu, [[denseInput]], { numerics })
    const by = (rounding: 'tflm' | 'litert') => prepareExecutor(dense, { rounding }).run([denseInput])
    expect(run('target').outputs[0]).toEqual(by('tflm'))
    expect(run('reference').outputs[0]).toEqual(by('litert'))
    expect(run('target').outputs).not.toEqual(run('reference').outputs)
    expect(answer(network, loadTarget('coral-edgetpu'), []).says).toContain('how coral-edgetpu rounds is not known')
  })

  test('the command writes them, with the estimate', async () => {
    writeFileSync(at('net.tflite'), writeTflite(network))
    const input = networkInput(3, [1, 32, 32, 3])
    writeFileSync(at('in.bin'), input)
    const words = ['simulate', at('net.tflite'), '--target', 'ethos-u55-128']
    const { out, code } = await runCli(...words, '--input', at('in.bin'), '--output', at('out.npy'), '--json')
    expect(code).toBe(0)
    const { answers, ...estimate } = JSON.parse(out)
    expect(answers).toMatchObject({ inputs: 1, outputs: 1, numerics: 'target', rounding: 'tflm', output: at('out.npy') })
    expect(estimate).toEqual(JSON.parse((await runCli(...words, '--json')).out))
    expect([...readNpy(readFileSync(at('out.npy')), 'out.npy').data]).toEqual([...(prepareExecutor(network).run([input])[0] as Int8Array)])
    expect((await runCli(...words, '--input', at('in.bin'), '--numerics', 'reference')).out).toContain(
      '1 answers, bit-exact in litert rounding',
    )
  })

  test.each([
    [['--output', 'o.bin'], '--output needs --input'],
    [['--numerics', 'reference'], '--numerics needs --input'],
    [['--input', 'i.bin', '--sweep', 'input=32'], 'bad-option'],
    [['--input', 'i.bin', '--numerics', 'mine'], 'target or reference'],
    [['--input', '/nowhere/i.bin'], 'cannot-read'],
  ])('%j is refused', async (options, says) => {
    writeFileSync(at('net.tflite'), writeTflite(network))
    const { code, err } = await runCli('simulate', at('net.tflite'), '--target', 'ethos-u55-128', ...options)
    expect([code, err.includes(says)]).toEqual([2, true])
  })
})

const vela = await findCompiler(npu, process.env.PEAPOD_VELA ?? 'auto')
const found = vela && 'compiler' in vela ? vela : undefined
if (!found) console.log('skipped: the tables that the real Vela writes, since it is not installed (PEAPOD_VELA names its program)')

test.skipIf(!found).each([
  ['logistic', {}, [0.0721, 40], [1 / 256, -128]],
  ['tanh', {}, [0.023, -7], [1 / 128, 0]],
  ['hard-swish', {}, [0.05, 3], [0.04, -5]],
  ['leaky-relu', { alpha: 0.1 }, [0.1, -17], [0.07, -100]],
  ['exp', {}, [0.03, -60], [0.05, 10]],
] as const)('the table of %s that the real Vela writes for the accelerator is ours', async (op, attrs, [from, zeroFrom], [to, zeroTo]) => {
  const scaled = (name: string, scale: number, zero: number) =>
    map(name, [1, 16, 16, 16], { scale: [Math.fround(scale)], zero: [zero], axis: 0 })
  const [x, y] = [scaled('x', from, zeroFrom), scaled('y', to, zeroTo)]
  const { bytes } = await found!.compiler.compile(found!, writeTflite(oneNode(op, attrs, [x], y)), npu, { timeoutMs: 60_000 })
  const table = new Int8Array(256)
  ops.get(op)!.int8!(attrs, [x], [y], 'tflm')([Int8Array.from({ length: 256 }, (_, i) => i - 128)], [table])
  expect(Buffer.from(bytes).indexOf(Buffer.from(table.buffer))).toBeGreaterThan(0)
})
