/** Target files: every one loads with its evidence, inheritance merges, and bad ones are refused with the key that is wrong. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { UserError } from '../src/errors.ts'
import { listTargets, loadTarget } from '../src/target/profiles/load.ts'
import { targetSchema } from '../src/target/profiles/schema.ts'
import { simulate } from '../src/target/simulate/simulate.ts'
import { bias, map, oneNode, weights } from './support/small-graph.ts'

const folder = mkdtempSync(join(tmpdir(), 'peapod-target-'))
afterAll(() => rmSync(folder, { recursive: true }))
const write = (name: string, content: unknown): string => {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
function refusal(name: string): UserError {
  try {
    loadTarget(name)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error(`${name} loaded`)
}

describe('built-in targets', () => {
  test('all load, under their own names, and none is abstract', () => {
    const names = listTargets()
    expect(names).toContain('ethos-u55-128')
    expect(names).toContain('ethos-u65-512')
    expect(names).not.toContain('ethos-u55')
    for (const name of names) expect(loadTarget(name)).toMatchObject({ name, abstract: false })
  })

  test('a member of a family has the numbers of both files', () => {
    const { engine, rules } = loadTarget('ethos-u55-32')
    if (engine.kind !== 'ethos-u') throw new Error('another engine')
    expect(engine.accelerator).toMatchObject({ macsPerCycle: 32, maxBlock: [32, 64, 128] })
    expect(rules.length).toBeGreaterThan(30)
  })

  test('addRules stand beside inherited ones or take their place, and dropRules go', () => {
    const path = write('mine.json', {
      ...{ name: 'mine', title: 'Mine', extends: 'ethos-u55-64', dropRules: ['wide-stride'] },
      addRules: [rule({}), rule({ code: 'mean-extent', ops: ['mean'], limits: { reducedAxisMax: { max: 7 } } })],
    })
    const [mine, theirs] = [loadTarget(path), loadTarget('ethos-u55-64')]
    expect(mine.rules.length).toBe(theirs.rules.length)
    expect(mine.rules.map(({ code }) => code)).toContain('mine')
    expect(mine.rules.map(({ code }) => code)).not.toContain('wide-stride')
    expect(mine.rules.filter(({ code }) => code === 'mean-extent').map(({ limits }) => limits)).toEqual([{ reducedAxisMax: { max: 7 } }])
  })

  test('null removes what a family has: a U65 has no system configuration of a U55', () => {
    const { engine } = loadTarget('ethos-u65-256')
    if (engine.kind !== 'ethos-u') throw new Error('another engine')
    expect(Object.keys(engine.systems).filter((name) => name.includes('U55'))).toEqual([])
    expect(Object.keys(engine.memoryModes)).not.toContain('Shared_Sram')
  })

  test('a family alone is refused, and its members are offered', () => {
    const error = refusal('ethos-u55')
    expect(error.code).toBe('abstract-target')
    expect(error.expected).toContain('ethos-u55-256')
  })
})

const rule = (changes: object) => ({
  ...{ code: 'mine', limits: { rankMax: { max: 4 } }, says: 'rank', hint: 'reshape' },
  evidence: { source: 'mine', sourceVersion: '1', confidence: 'assumed' },
  ...changes,
})

describe('bad targets', () => {
  test('an unknown name offers the nearest', () => {
    const error = refusal('ethos-u55-12')
    expect([error.code, error.exitCode, error.found]).toEqual(['unknown-target', 2, 'ethos-u55-12'])
    expect(error.hint).toContain('ethos-u55-128')
    expect(refusal(join(folder, 'none.json')).code).toBe('unknown-target')
    expect(refusal('../package').code).toBe('unknown-target')
  })

  test.each([
    ['not JSON', '{', 'JSON'],
    ['no object', [1], 'no object'],
    ['a wrong type', { name: 'mine', extends: 'ethos-u55-64', engine: { accelerator: { cores: 'two' } } }, 'engine.accelerator.cores'],
    ['an unknown key', { name: 'mine', extends: 'ethos-u55-64', engine: { accelerator: { speed: 9 } } }, 'speed'],
    ['no evidence', { name: 'mine', extends: 'ethos-u55-64', engine: { accelerator: { evidence: null } } }, 'engine.accelerator.evidence'],
    [
      'an empty range',
      { name: 'mine', extends: 'ethos-u55-64', rules: [{ code: 'a', limits: { rank: {} }, says: 'x', hint: 'y' }] },
      'rules.0',
    ],
    ['an engine of no kind', { name: 'mine', extends: 'ethos-u55-64', engine: { kind: 'magic' } }, 'engine.kind'],
    [
      'a fact that nobody has',
      { name: 'mine', extends: 'ethos-u55-64', addRules: [rule({ limits: { kernelDepth: { max: 3 } } })] },
      '(mine).limits.kernelDepth: kernelDepth is no fact of any operator',
    ],
    [
      'a fact that no operator of the rule has',
      { name: 'mine', extends: 'ethos-u55-64', addRules: [rule({ ops: ['softmax', 'add'], when: { kernelH: { min: 1 } } })] },
      '(mine).when.kernelH: kernelH is a fact that no operator of the rule has',
    ],
    [
      'a fact of a node in a rule for the model',
      { name: 'mine', extends: 'ethos-u55-64', addRules: [rule({ scope: 'model' })] },
      'rankMax is no fact of a model',
    ],
    ['an unknown limit', { name: 'mine', extends: 'ethos-u55-64', addRules: [rule({ limits: { rankMax: { atMost: 3 } } })] }, '"atMost"'],
    [
      'an unknown unit',
      { name: 'mine', extends: 'ethos-u55-64', addRules: [rule({ limits: { mapBytes: { max: 3, unit: 'GB' } } })] },
      'limits.mapBytes.unit',
    ],
    [
      'an unknown operator',
      { name: 'mine', extends: 'ethos-u55-64', addRules: [rule({ ops: ['convolution'] })] },
      'convolution is no operator',
    ],
    [
      'an operator that nobody knows',
      { name: 'mine', extends: 'ethos-u55-64', support: { operators: ['conv2d'] } },
      'support.operators: conv2d',
    ],
    [
      'a rule without a source',
      { name: 'mine', extends: 'ethos-u55-64', addRules: [rule({ evidence: { sourceVersion: '1', confidence: 'assumed' } })] },
      '(mine).evidence.source',
    ],
    ['a rule to drop that is not there', { name: 'mine', extends: 'ethos-u55-64', dropRules: ['none'] }, 'dropRules'],
    ['two rules of one code', { name: 'mine', extends: 'ethos-u55-64', addRules: [rule({}), rule({})] }, 'stands in two rules'],
  ])('%s is refused with its place', (_, content, place) => {
    const error = refusal(write('bad.json', content))
    expect(error.code).toBe('bad-target')
    expect(error.message).toContain(place)
  })

  test('a circle of extends, and an unknown parent', () => {
    write('a.json', { name: 'a', extends: './b.json' })
    expect(refusal(write('b.json', { name: 'b', extends: './a.json' })).message).toContain('circle')
    expect(refusal(write('c.json', { name: 'c', extends: 'ethos-u99' })).code).toBe('unknown-target')
  })
})

describe("a user's own target", () => {
  const graph = oneNode(
    'conv-2d',
    { strideH: 1, strideW: 1 },
    [map('x', [1, 16, 16, 16]), weights('w', [32, 3, 3, 16]), bias('b', 32)],
    map('y', [1, 16, 16, 32]),
  )

  test('a file by path takes a built-in one as its base and changes a number', () => {
    const mine = loadTarget(
      write('mine.json', { name: 'mine', title: 'Mine', extends: 'ethos-u55-128', engine: { defaults: { memoryMode: 'Sram_Only' } } }),
    )
    expect(simulate(graph, mine).totalCycles).toBe(simulate(graph, loadTarget('ethos-u55-128'), { memoryMode: 'Sram_Only' }).totalCycles)
  })

  test('more multipliers take fewer cycles, and the estimate adds up', () => {
    const cycles = ['ethos-u55-32', 'ethos-u55-64', 'ethos-u55-128', 'ethos-u55-256'].map(
      (name) => simulate(graph, loadTarget(name)).totalCycles,
    )
    expect(cycles).toEqual([...cycles].sort((a, b) => b - a))
    const estimate = simulate(graph, loadTarget('ethos-u55-128'))
    expect(estimate).toMatchObject({
      model: 'regor-5.2',
      clockHz: 500e6,
      macs: 16 * 16 * 32 * 9 * 16,
      originalWeightBytes: 9 * 16 * 32,
      unpriced: [],
    })
    expect(estimate.totalCycles).toBe(estimate.layers.reduce((sum, layer) => sum + layer.cycles, 0))
    expect(estimate.latencyMs).toBeCloseTo((estimate.totalCycles / 500e6) * 1000, 12)
    const maps = 16 * 16 * 16 + 16 * 16 * 32
    expect(simulate(graph, loadTarget('ethos-u55-128'), { memoryMode: 'Sram_Only' }).arenaBytes).toBe(maps)
    expect(estimate.arenaBytes).toBeGreaterThan(maps)
  })

  test('unknown models, system configurations and memory modes are refused with what there is', () => {
    const u55 = loadTarget('ethos-u55-128')
    const refused = (options: object) => {
      try {
        simulate(graph, u55, options)
      } catch (error) {
        return [(error as UserError).code, (error as UserError).expected]
      }
      return undefined
    }
    expect(refused({ model: 'regor-9' })).toEqual(['unknown-model', 'regor-5.2, regor-5.1, legacy'])
    expect(refused({ systemConfig: 'toString' })?.[0]).toBe('unknown-system-config')
    expect(refused({ memoryMode: 'Dedicated_Sram' })).toEqual(['unknown-memory-mode', 'Sram_Only, Shared_Sram'])
  })

  test('a CPU target is priced by its line, and says how far it may be off', () => {
    const cpu = loadTarget('cortex-m55-tflm')
    if (cpu.engine.kind !== 'linear') throw new Error('another engine')
    const { cyclesPerMac, cyclesPerByte, cyclesPerNode } = cpu.engine.families.conv
    const estimate = simulate(graph, cpu)
    expect(estimate.totalCycles).toBe(Math.round(estimate.macs * cyclesPerMac + 16 * 16 * 48 * cyclesPerByte + cyclesPerNode))
    expect(estimate.notes).toEqual([cpu.engine.uncertainty, 'Uncalibrated: no published latency stands behind these prices.'])
  })
})

test('schemas/target.schema.json is the schema of the code (vitest -u writes it)', async () => {
  await expect(`${JSON.stringify(targetSchema(), null, 2)}\n`).toMatchFileSnapshot('../schemas/target.schema.json')
  expect(readFileSync(new URL('../schemas/target.schema.json', import.meta.url), 'utf8')).toContain('"macsPerCycle"')
})
