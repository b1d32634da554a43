/** What the command line says of targets: profiles with their sources, pages of rules, sweeps, and a profile of one's own. */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeTflite } from '../src/formats/tflite/write.ts'
import { listTargets, loadTarget } from '../src/target/profiles/load.ts'
import { mobilenetInt8 } from './samples/mobilenet-int8.ts'
import { runCli } from './support/run-cli.ts'
import { map, oneNode } from './support/small-graph.ts'

let folder: string
let model: string
const at = (name: string) => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peapod-targets-'))
  model = at('model.tflite')
  await writeFile(model, writeTflite(mobilenetInt8()))
})
afterAll(() => rm(folder, { recursive: true }))

describe('targets', () => {
  test('lists every machine with what it takes', async () => {
    const { out, code } = await runCli('targets')
    expect(code).toBe(0)
    for (const name of listTargets()) expect(out).toContain(name)
    expect(out).toMatch(/ti-tda4vm .* float-model/)
    expect(out).toMatch(/coral-edgetpu .* compiled-tflite/)
    expect(JSON.parse((await runCli('targets', '--json')).out)).toEqual(listTargets())
  })

  test.each(['coral-edgetpu', 'ti-am62a', 'nxp-imx93', 'cortex-a53-litert'])(
    '%s: every rule, number and source of the profile is printed',
    async (name) => {
      const { out } = await runCli('targets', name)
      const target = loadTarget(name)
      for (const { code, says, hint } of target.rules) for (const words of [code, says, hint]) expect(out).toContain(words)
      const sources = [...JSON.stringify(target).matchAll(/"source":"((?:[^"\\]|\\.)*)"/g)].map(
        ([, source]) => JSON.parse(`"${source}"`) as string,
      )
      expect(sources.length).toBeGreaterThan(4)
      for (const source of sources) expect(out).toContain(source)
      expect(JSON.parse((await runCli('targets', name, '--json')).out)).toEqual(JSON.parse(JSON.stringify(target)))
    },
  )
})

describe('check --explain', () => {
  test('the page of a rule needs no model, and names the targets that share it', async () => {
    const { out, code } = await runCli('check', '--explain', 'three-axes')
    expect(code).toBe(0)
    expect(out).toContain('outerExtentMax 1')
    expect(out).toContain('targets: coral-edgetpu')
    const pages = JSON.parse((await runCli('check', '--explain', 'resize-factor', '--json')).out)
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.flatMap(({ targets }: { targets: string[] }) => targets)).toEqual(expect.arrayContaining(['ethos-u55-128', 'ti-tda4vm']))
  })

  test('what support and memory imply has a page too', async () => {
    for (const code of ['unsupported-operator', 'single-subgraph', 'too-many-subgraphs', 'arena-over-sram', 'model-over-flash'])
      expect((await runCli('check', '--explain', code)).out).toContain(`${code} (`)
  })

  test('an unknown rule offers the nearest, and a target may not have one', async () => {
    const { code, err } = await runCli('check', '--explain', 'resize-facto')
    expect([code, err.includes('unknown-rule'), err.includes('resize-factor')]).toEqual([2, true, true])
    expect((await runCli('check', '--explain', 'three-axes', '--target', 'systolic')).err).toContain('of the target systolic')
  })
})

describe('check and simulate', () => {
  test('a finding says what it costs, what to do and where it is from; an error ends with 1', async () => {
    const { out, code } = await runCli('check', model, '--target', 'ti-tda4vm')
    expect(code).toBe(1)
    for (const words of ['error float-artefact', 'costs: is refused', 'do: Hand over the float model', 'source: TexasInstruments'])
      expect(out).toContain(words)
  })

  test('a machine that takes a float model is held against one', async () => {
    const shape = [1, 4, 4, 8]
    const plain = (name: string) => ({ name, shape, dtype: 'float32' as const })
    const relu = { ...oneNode('relu', {}, [map('x', shape)], map('y', shape)), tensors: [plain('x'), plain('y')] }
    await writeFile(at('float.tflite'), writeTflite(relu))
    const { out, code } = await runCli('check', at('float.tflite'), '--target', 'ti-tda4vm')
    expect([code, out]).toEqual([0, '1 operators on the accelerator, 0 on the CPU, 0 findings\n'])
    expect((await runCli('simulate', at('float.tflite'), '--target', 'ti-tda4vm')).code).toBe(0)
    expect((await runCli('check', at('float.tflite'), '--target', 'ti-am62a')).err).toContain('not-quantised')
  })

  test('an estimate says what bounds each layer and what would change it', async () => {
    const { layers } = JSON.parse((await runCli('simulate', model, '--target', 'coral-edgetpu', '--json')).out)
    const bounds = new Set(layers.map(({ boundBy }: { boundBy: string }) => boundBy))
    expect(bounds.has('mac')).toBe(true)
    for (const layer of layers) expect([layer.name, layer.change !== undefined]).toEqual([layer.name, layer.boundBy !== 'fixed'])
    expect((await runCli('simulate', model, '--target', 'coral-edgetpu')).out).toMatch(/ % bound by mac: fewer products/)
  })

  test('parts and crossings are printed where an operator splits the graph', async () => {
    const relu = oneNode('relu', {}, [map('x', [1, 4, 4, 8])], map('a', [1, 4, 4, 8]))
    const softmax = { scale: [1 / 256], zero: [-128], axis: 0 }
    const split = {
      ...relu,
      tensors: [map('x', [1, 4, 4, 8]), map('a', [1, 4, 4, 8]), map('b', [1, 4, 4, 8], softmax), map('c', [1, 4, 4, 8], softmax)].map(
        (t) => ({
          ...t,
          quant: { ...t.quant!, scale: t.quant!.scale.map(Math.fround) },
        }),
      ),
      nodes: [
        relu.nodes[0]!,
        { op: 'logistic', attrs: {}, inputs: [1], outputs: [2] },
        { op: 'relu', attrs: {}, inputs: [2], outputs: [3] },
      ],
      outputs: [3],
    }
    await writeFile(at('split.tflite'), writeTflite(split))
    const { out, code } = await runCli('check', at('split.tflite'), '--target', 'systolic')
    expect(code).toBe(0)
    expect(out).toContain('costs: runs on the CPU and splits the graph')
    expect(out).toContain('part 1: 1 operators on the CPU, from node 1 on')
    expect(out).toMatch(/a \(128 B\) crosses from part 0 to part 1/)
    expect(out).toContain('2 operators on the accelerator, 1 on the CPU, 1 findings')
  })

  test('sweeps print a row for each size, as JSON too', async () => {
    const { out } = await runCli('check', model, '--target', 'nxp-imx95', '--sweep', 'input=320,32')
    expect(out).toMatch(/ 32 x 32 [\s\S]*320 x 320 .*finding size-cliff/)
    const { rows } = JSON.parse((await runCli('simulate', model, '--target', 'ethos-u55-64', '--sweep', 'input=32..96', '--json')).out)
    expect(rows.map(({ height }: { height: number }) => height)).toEqual([32, 64, 96])
    const bad = await runCli('simulate', model, '--target', 'ethos-u55-64', '--sweep', 'input=96..32')
    expect([bad.code, bad.err.includes('bad-sweep')]).toEqual([2, true])
    expect((await runCli('check', '--target', 'systolic')).err).toContain('missing-argument')
  })
})

describe('init target', () => {
  test('the profile loads, checks and prices a model, and its guide names every key and fact', async () => {
    const file = at('my-npu.json')
    expect((await runCli('init', 'target', file)).code).toBe(0)
    expect(loadTarget(file)).toMatchObject({ name: 'my-npu', engine: { kind: 'systolic' } })
    expect((await runCli('simulate', model, '--target', file)).out).toContain('my-npu')
    const guide = readFileSync(at('my-npu.md'), 'utf8')
    for (const words of ['elementsPerCycle', 'kernelArea', 'arenaBytes', 'addRules', '`onChipBytes` (integer): for weights'])
      expect(guide).toContain(words)
    expect(guide.match(/`bytesPerSecond`/g)).toHaveLength(2)
    const again = await runCli('init', 'target', file)
    expect([again.code, again.err.includes('file-exists')]).toEqual([2, true])
    expect((await runCli('init', 'target', file, '--force', '--from', 'coral-edgetpu')).code).toBe(0)
    expect(loadTarget(file).engine).toEqual(loadTarget('coral-edgetpu').engine)
    expect((await runCli('init', 'target', at('My Chip.txt'))).err).toContain('bad-name')
  })
})
