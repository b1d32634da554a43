/** The laws of the house, as tests: each says what it protects. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const SRC = fileURLToPath(new URL('../../src', import.meta.url))

/** Imports point down: a file may import its own room and the floors below; rooms of one floor do not meet. */
const FLOORS = [
  ['redact.ts'],
  ['errors.ts', 'version.ts'],
  ['npy.ts', 'wasm'],
  ['graph'],
  ['formats', 'data'],
  ['execute'],
  ['quantise'],
  ['training'],
  ['target'],
  ['device'],
  ['report'],
  ['config', 'runs'],
  ['evidence'],
  ['stages'],
  ['pipeline.ts'],
  ['index.ts'],
  ['commands'],
  ['cli.ts'],
]
/** The floors inside graph. */
const GRAPH_FLOORS = [['math', 'ir'], ['activations'], ['ops'], ['passes', 'memory']]

/** Compute: what also runs in a browser. Reads no file, clock, network, environment or framework randomness. */
const PURE = ['graph/', 'formats/tflite/', 'quantise/', 'target/check/', 'target/simulate/', 'report/']
const PURE_EXECUTE = /^execute\/[a-z-]+\.ts$/
const DOORS: readonly string[] = []

const all = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'))
const generated = (f: string) => f.startsWith('formats/tflite/schema')
const files = all.filter((f) => !f.endsWith('.as.ts') && !generated(f))
const read = (f: string) => readFileSync(join(SRC, f), 'utf8')

const importsOf = (f: string): string[] =>
  [...read(f).matchAll(/^\s*(?:import|export)\s[^'"`;]*?from\s+'(\.[^']+)'|^\s*import\s+'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm)]
    .map((m) => m[1] ?? m[2] ?? m[3]!)
    .map((to) => relative(SRC, normalize(join(SRC, dirname(f), to))))

const room = (f: string) => f.split('/')[0]!
const floor = (f: string) => FLOORS.findIndex((rooms) => rooms.includes(room(f)))
const graphFloor = (f: string) => GRAPH_FLOORS.findIndex((rooms) => rooms.includes(f.split('/')[1]!))

test('every file stands on a floor', () => {
  expect(files.filter((f) => floor(f) < 0)).toEqual([])
  expect(files.filter((f) => room(f) === 'graph' && graphFloor(f) < 0)).toEqual([])
})

test('imports point down', () => {
  const up = files.flatMap((f) =>
    importsOf(f)
      .filter((to) => !generated(to) && room(to) !== room(f) && floor(to) >= floor(f))
      .map((to) => `${f} imports ${to}`),
  )
  expect(up).toEqual([])
})

test('imports point down inside graph', () => {
  const up = files
    .filter((f) => room(f) === 'graph')
    .flatMap((f) =>
      importsOf(f)
        .filter((to) => room(to) === 'graph' && to.split('/')[1] !== f.split('/')[1])
        .filter((to) => graphFloor(to) > graphFloor(f) || (graphFloor(to) === graphFloor(f) && graphFloor(f) > 0))
        .map((to) => `${f} imports ${to}`),
    )
  expect(up).toEqual([])
})

test('no import cycle, not even of types', () => {
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (f: string, path: readonly string[]): void => {
    if (path.includes(f)) {
      cycles.push([...path.slice(path.indexOf(f)), f].join(' -> '))
      return
    }
    if (done.has(f) || generated(f)) return
    for (const to of importsOf(f)) visit(to, [...path, f])
    done.add(f)
  }
  for (const f of files) visit(f, [])
  expect(cycles).toEqual([])
})

test('every relative import names a file that is there', () => {
  expect(
    files.flatMap((f) =>
      importsOf(f)
        .filter((to) => to.endsWith('.ts') && !all.includes(to))
        .map((to) => `${f}: ${to}`),
    ),
  ).toEqual([])
})

test('compute touches no world', () => {
  const world = /from 'node:|\bprocess\.|\bBuffer\.(?:from|concat|alloc|compare)|\bconsole\.|\bDate\b|Math\.random|\bfetch\(|performance\./
  const touched = files
    .filter((f) => PURE.some((p) => f.startsWith(p)) || PURE_EXECUTE.test(f))
    .filter((f) => !DOORS.includes(f) && world.test(read(f)))
  expect(touched).toEqual([])
})

test('only the command line prints and ends the process', () => {
  const prints = /\bconsole\.|process\.(?:stdout|stderr|exit)\b/
  expect(files.filter((f) => prints.test(read(f)) && !['cli.ts'].includes(f))).toEqual([])
})

test('no file is long, and each opens with what it is', () => {
  expect([...files, ...all.filter((f) => f.endsWith('.as.ts'))].filter((f) => read(f).split('\n').length > 301)).toEqual([])
  expect([...new Set(files)].filter((f) => !/^(\/\*\*|\/\/)/.test(read(f)))).toEqual([])
})

test('no file or folder is named for nothing', () => {
  const names = /^(utils?|common|helpers?|core|misc|manager|base|types)$/
  expect(all.filter((f) => f.split('/').some((part) => names.test(part.replace(/\.(as\.)?ts$/, ''))))).toEqual([])
  expect(all.filter((f) => !generated(f) && !/^[a-z0-9./-]+$/.test(f))).toEqual([])
})

/** Words of a stage that are operators elsewhere. */
const HOMONYMS: readonly (readonly [string, string, string])[] = [
  ['target/simulate/engines/ethos-u/', 'sum', 'what an output stage does'],
  ['target/simulate/engines/ethos-u/', 'slice', 'a way to lower a move'],
]

test('stages and passes name operators through their rooms, never by a string', async () => {
  const { ops } = await import('../../src/graph/ops/registry.ts')
  const STAGES = ['quantise/', 'target/check/', 'target/simulate/', 'execute/', 'formats/tflite/']
  const named = files
    .filter((f) => STAGES.some((s) => f.startsWith(s)) && !f.startsWith('execute/fast/'))
    .flatMap((f) =>
      [...ops.keys()]
        .filter((op) => read(f).includes(`'${op}'`) && !HOMONYMS.some(([folder, word]) => f.startsWith(folder) && op === word))
        .map((op) => `${f} names ${op}`),
    )
  expect(named).toEqual([])
})

test('an operator file is named for its operator, and registered', async () => {
  const { ops } = await import('../../src/graph/ops/registry.ts')
  const rooms = all.filter((f) => /^graph\/ops\/[a-z0-9-]+\.ts$/.test(f)).map((f) => f.slice('graph/ops/'.length, -3))
  const furniture = ['define', 'index', 'registry', 'validate', 'validate-roles', 'facts', 'opaque']
  expect(rooms.filter((r) => !furniture.includes(r)).sort()).toEqual([...ops.keys()].sort())
})
