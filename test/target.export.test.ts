/** What firmware takes: C that compiles without a warning, whose numbers are those of the model, and an arena that TFLM fits in. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, describe, expect, test } from 'vitest'
import type { Preprocess } from '../src/data/preprocess.ts'
import { preprocessor } from '../src/data/preprocessor.ts'
import { outline } from '../src/formats/tflite/outline.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import type { Graph } from '../src/graph/ir/graph.ts'
import { ops } from '../src/graph/ops/registry.ts'
import { findCompiler } from '../src/target/compilers/find-compiler.ts'
import { tflmArena } from '../src/target/export/arena.ts'
import { compiledArena } from '../src/target/export/compiled-arena.ts'
import type { ExportInput } from '../src/target/export/define.ts'
import { exportFiles } from '../src/target/export/export.ts'
import { float } from '../src/target/export/literals.ts'
import { identifier, plainLine, stringLiteral } from '../src/target/export/names.ts'
import { tflmMethod, tflmMethods } from '../src/target/export/tflm-operators.ts'
import { vectorsOf } from '../src/target/export/vectors.ts'
import { loadTarget } from '../src/target/profiles/load.ts'
import { mobilenetInt8 } from './samples/mobilenet-int8.ts'
import { fakeCompiler, velaFiles, velaStdout } from './support/fake-compiler.ts'
import { networkInput } from './support/network-inputs.ts'
import { runCli } from './support/run-cli.ts'
import { map, oneNode } from './support/small-graph.ts'

const folder = mkdtempSync(join(tmpdir(), 'peapod-export-'))
afterAll(() => rmSync(folder, { recursive: true }))

const works = (program: string): boolean => {
  try {
    return execFileSync(program, ['--version'], { stdio: 'pipe' }).length > 0
  } catch {
    return false
  }
}
const has = { gcc: works('gcc'), 'g++': works('g++'), 'arm-none-eabi-gcc': works('arm-none-eabi-gcc') }
for (const [program, there] of Object.entries(has))
  if (!there) console.log(`skipped: whether exported C compiles with ${program}, which is not installed`)

const strict = ['-Wall', '-Wextra', '-Wpedantic', '-Werror', '-I', folder]
const network = mobilenetInt8()
const bytes = writeTflite(network)
const sha256 = createHash('sha256').update(bytes).digest('hex')
const preprocess: Preprocess = {
  ...{ height: 32, width: 32, colour: 'rgb', resize: 'none', scale: 1 / 255 },
  ...{ mean: [0.5, 0.4, 0.3], deviation: [0.25, 0.2, 1] },
}
const classes = ['stop "now"', 'back\\slash', 'what??/', 'Straße', '*/ int evil;\n', '%d']
const input: ExportInput = {
  ...{ name: 'road signs-v2 (ä)', graph: network, target: loadTarget('cortex-m55-tflm'), model: { bytes, sha256 }, preprocess, classes },
  vectors: vectorsOf(network, [0, 1].map((n) => [networkInput(n, [1, 32, 32, 3])]), [3, 7]), // biome-ignore format: one line
}
const files = exportFiles(input)
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
const sources = Object.keys(files).filter((name) => name.endsWith('.c'))

test('the files, and a README that names each', () => {
  const prefix = 'road_signs_v2_a'
  expect(Object.keys(files).sort()).toEqual(
    ['README.md', ...['golden.c', 'golden.h', 'io.c', 'io.h', 'model.c', 'model.h', 'operators.h'].map((f) => `${prefix}_${f}`)].sort(),
  )
  for (const name of Object.keys(files)) if (name !== 'README.md') expect(files['README.md']).toContain(`\`${name}\``)
  expect(files[`${prefix}_model.h`]).toContain(`"${sha256}"`)
})

/** Prints what the compiled objects hold. */
const probe = `#include "road_signs_v2_a_model.h"
#include "road_signs_v2_a_io.h"
#include "road_signs_v2_a_golden.h"
#include <stdio.h>
int main(void) {
  unsigned long sum = 0;
  for (size_t i = 0; i < ROAD_SIGNS_V2_A_MODEL_BYTES; i++) sum = (sum * 31 + road_signs_v2_a_model[i]) % 1000003;
  printf("%d %lu %d\\n", (int)((uintptr_t)road_signs_v2_a_model % 16), sum, ROAD_SIGNS_V2_A_ARENA_BYTES);
  for (int i = 0; i < ROAD_SIGNS_V2_A_OUTPUT_ELEMENTS; i++) printf("%d ", road_signs_v2_a_golden_output[1][i]);
  printf("\\n%d %d\\n", (int)road_signs_v2_a_golden_label[0], road_signs_v2_a_golden_input[1][5]);
  for (int c = 0; c < 3; c++) printf("%d %d ", road_signs_v2_a_pixel_table[c][0], road_signs_v2_a_pixel_table[c][255]);
  printf("\\n%.9g %d\\n", (double)ROAD_SIGNS_V2_A_INPUT_SCALE, ROAD_SIGNS_V2_A_INPUT_ZERO);
  for (int i = 0; i < ROAD_SIGNS_V2_A_CLASSES; i++) { fputs(road_signs_v2_a_class_names[i], stdout); putchar(0); }
  return 0;
}
`

test.skipIf(!has.gcc)('compiles as C11 without a warning, and the program sees the model’s own numbers', () => {
  writeFileSync(join(folder, 'probe.c'), probe)
  const program = join(folder, 'probe')
  execFileSync('gcc', [...strict, '-std=c11', ...[...sources, 'probe.c'].map((f) => join(folder, f)), '-o', program])
  const said = execFileSync(program).toString().split('\n')
  const [model, output, golden, table, scale] = said
  const sum = bytes.reduce((s, b) => (s * 31 + b) % 1000003, 0)
  expect(model).toBe(`0 ${sum} ${tflmArena(network, { kernels: 'cmsis-nn' }).bytes}`)
  expect(output!.trim().split(' ').map(Number)).toEqual([...(input.vectors[1]!.outputs[0] as Int8Array)])
  expect(golden).toBe(`3 ${(input.vectors[1]!.inputs[0] as Int8Array)[5]}`)
  const { quant } = network.tensors[network.inputs[0]!]!
  const real = new Float32Array(6)
  preprocessor({ ...preprocess, height: 1, width: 2 }, [1, 2, 3])(Uint8Array.of(0, 0, 0, 255, 255, 255), real, 0)
  const stored = (x: number) => Math.max(-128, Math.min(127, Math.sign(x) * Math.round(Math.abs(x / quant!.scale[0]!)) + quant!.zero[0]!))
  expect(table!.trim().split(' ').map(Number)).toEqual([0, 3, 1, 4, 2, 5].map((i) => stored(real[i]!)))
  expect(scale).toBe(`${Number(quant!.scale[0]!.toPrecision(9))} ${quant!.zero[0]}`)
  expect(said.slice(5).join('\n').split('\0').slice(0, -1)).toEqual(classes)
})

test.skipIf(!has['g++'])('compiles as C++ without a warning, with the resolver', () => {
  mkdirSync(join(folder, 'tensorflow/lite/micro'), { recursive: true })
  const methods = [...ops.keys()].flatMap((op) => tflmMethod(op) ?? [])
  writeFileSync(
    join(folder, 'tensorflow/lite/micro/micro_mutable_op_resolver.h'),
    `#pragma once\nenum TfLiteStatus { kTfLiteOk, kTfLiteError };\nnamespace tflite {\ntemplate <unsigned int N> struct MicroMutableOpResolver {\n${[...new Set(methods)].map((m) => `  TfLiteStatus ${m}() { return kTfLiteOk; }`).join('\n')}\n};\n}\n`,
  )
  writeFileSync(
    join(folder, 'use.cc'),
    '#include "road_signs_v2_a_operators.h"\nint main() { road_signs_v2_a_resolver r; return road_signs_v2_a_register_operators(r); }\n',
  )
  for (const f of sources) execFileSync('g++', [...strict, '-std=c++11', '-x', 'c++', '-c', join(folder, f), '-o', '/dev/null'])
  execFileSync('g++', [...strict, '-std=c++11', join(folder, 'use.cc'), '-o', join(folder, 'use')])
  execFileSync(join(folder, 'use'))
})

test.skipIf(!has['arm-none-eabi-gcc'])('compiles for a Cortex-M', () => {
  for (const f of sources)
    execFileSync('arm-none-eabi-gcc', [...strict, '-mcpu=cortex-m4', '-mthumb', '-std=c11', '-c', join(folder, f), '-o', '/dev/null'])
})

describe('names from a model', () => {
  test.each([
    ['mobilenet v1/0.25', 'mobilenet_v1_0_25'],
    ['7segments', 'model_7segments'],
    ['int', 'model_int'],
    ['__x__', 'x'],
    ['', 'model'],
    ['日本', 'model'],
    ['a"; system("rm"); //', 'a_system_rm'],
  ])('%s becomes %s', (name, wanted) => expect(identifier(name)).toBe(wanted))

  test('texts end neither a string nor a comment nor a line', () => {
    expect(stringLiteral('a"\\?\né1')).toBe('"a\\042\\134\\077\\012\\303\\2511"')
    expect(plainLine('x */ y \n`z` \\')).toBe('x .| y ?.z. .')
    const hostile = { ...network, tensors: network.tensors.map((t) => ({ ...t, name: '*/ #error\n' })) }
    const text = Object.values(exportFiles({ ...input, name: '*/ x', graph: hostile })).join('\n')
    expect(text).not.toMatch(/^ ?#error/m)
  })

  test('floats keep every bit', () => {
    for (const x of [1, 0.1, 1e-20, 3.4028234663852886e38, -0.003921568859368563, 16777216])
      expect(Math.fround(Number(float(x).slice(0, -1)))).toBe(Math.fround(x))
  })
})

describe('operators', () => {
  test('exactly those of the file, each once', () => {
    const methods = [...files['road_signs_v2_a_operators.h']!.matchAll(/resolver\.(\w+)\(\)/g)].map((m) => m[1])
    expect(methods).toEqual(['AddConv2D', 'AddDepthwiseConv2D', 'AddFullyConnected', 'AddMean'])
    expect(methods.length).toBe(new Set(network.nodes.map(({ op }) => op)).size)
  })

  test('one that TFLM lacks is said', () => {
    expect(() => tflmMethods(['conv-2d', 'gelu'])).toThrow(expect.objectContaining({ code: 'tflm-operator', found: 'gelu' }))
    const gelu = oneNode('gelu', {}, [map('x', [1, 4])], map('y', [1, 4]))
    expect(() => exportFiles({ ...input, graph: gelu, model: { bytes: writeTflite(gelu), sha256 }, vectors: [] })).toThrow(
      /TFLM has no gelu/,
    )
  })

  test('every operator that TFLM runs by the target’s profile has a method', () => {
    const { support } = loadTarget('cortex-m55-tflm')
    if (support.operators === 'all') throw new Error('the profile lists none')
    expect(support.operators.filter((op) => !tflmMethod(op))).toEqual([])
  })
})

/** Recorded from RecordingMicroAllocator of tflite-micro 0.dev20261023182759 on x86-64: head and tail. */
test.each<[string, Graph, number, number]>([
  ['32 x 32', network, 24576, 29648],
  ['64 x 64, narrow', mobilenetInt8({ extent: 64, width: 0.125, classes: 10 }), 49152, 18704],
])('the arena of MobileNet %s is TFLM’s: its plan to the byte, the rest within 64', (_, graph, head, tail) => {
  const ours = tflmArena(graph, { kernels: 'reference' })
  expect(ours.headBytes).toBe(head)
  expect(ours.persistentBytes - tail).toBeGreaterThanOrEqual(0)
  expect(ours.persistentBytes - tail).toBeLessThanOrEqual(64)
  expect(tflmArena(graph, { kernels: 'cmsis-nn' }).bytes).toBeGreaterThan(ours.bytes)
})

const python = process.env.PEAPOD_TFLM_PYTHON ?? 'python3'
const { exitCode } = await execa(python, ['-c', 'import tflite_micro'], { reject: false, timeout: 30_000 })
if (exitCode !== 0)
  console.log(`skipped: the arena against TFLM itself, since ${python} has no tflite_micro (PEAPOD_TFLM_PYTHON names another)`)

test.skipIf(exitCode !== 0)('TFLM runs in our arena, and not in one that is a twentieth smaller', async () => {
  const path = join(folder, 'm.tflite')
  writeFileSync(path, bytes)
  const program = `import sys
from tflite_micro import runtime
i = runtime.Interpreter.from_bytes(open(sys.argv[1], 'rb').read(), arena_size=int(sys.argv[2]))
i.invoke()`
  const { bytes: size } = tflmArena(network, { kernels: 'reference' })
  const run = async (arena: number) => (await execa(python, ['-c', program, path, String(arena)], { reject: false })).exitCode
  expect(await run(size)).toBe(0)
  expect(await run(Math.floor(size * 0.95))).not.toBe(0)
})

const installed = await findCompiler(loadTarget('ethos-u55-128'), process.env.PEAPOD_VELA ?? 'auto')
const vela = installed && 'compiler' in installed ? installed : undefined
if (!vela) console.log('skipped: the export of what the real Vela makes, since it is not installed (PEAPOD_VELA names its program)')

test.skipIf(!vela)('a file of the real Vela: the operator of the NPU alone, in the arena that Vela planned', async () => {
  const compiled = await vela!.compiler.compile(vela!, bytes, loadTarget('ethos-u55-128'), { timeoutMs: 60_000 })
  const { operators, tensors } = outline(compiled.bytes)
  expect(operators).toEqual(['ethos-u'])
  expect(tensors.filter(({ constant }) => !constant).every(({ offset }) => offset !== undefined)).toBe(true)
  const { headBytes } = compiledArena(compiled.bytes, network)
  expect(headBytes - compiled.result.arenaBytes!).toBeGreaterThanOrEqual(0)
  expect(headBytes - compiled.result.arenaBytes!).toBeLessThanOrEqual(256)
  const text = exportFiles({ ...input, compiled: { ...compiled, sha256: 'c'.repeat(64) } })
  expect(text['road_signs_v2_a_operators.h']).toContain('resolver.AddEthosU()')
  expect(text['road_signs_v2_a_model.h']).toContain('c'.repeat(64))
})

describe('the command', () => {
  const model = join(folder, 'net.tflite')
  writeFileSync(model, bytes)

  test('writes the files; without its compiler it says that the file is not compiled', async () => {
    const out = join(folder, 'plain')
    const { code, out: said } = await runCli(
      'export',
      model,
      '--target',
      'ethos-u55-128',
      '--out',
      out,
      '--compiler',
      'none',
      '--vectors',
      '1',
      '--json',
    )
    expect(code).toBe(0)
    expect(JSON.parse(said)).toMatchObject({ vectors: 1, files: expect.arrayContaining(['net_model.c', 'README.md']) })
    expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain(
      'not compiled for the accelerator of Arm Ethos-U55, 128 MACs per cycle: compiler is none',
    )
  })

  test('with its compiler the array holds the compiled file', async () => {
    // What a compiler writes must be a TFLite file: here the network itself.
    const program = fakeCompiler(folder, 'vela', { version: '5.2.0', stdout: velaStdout, files: velaFiles, copies: 'model_vela.tflite' })
    const out = join(folder, 'compiled')
    expect((await runCli('export', model, '--target', 'ethos-u55-128', '--out', out, '--compiler', program)).code).toBe(0)
    expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('as vela 5.2.0 compiled it for ethos-u55-128')
    expect(readFileSync(join(out, 'net_model.h'), 'utf8')).toContain(`BYTES ${bytes.length}`)
  })

  test('a machine without firmware', async () => {
    const words = ['export', model, '--target', 'cortex-a53-litert', '--out', join(folder, 'linux')]
    expect(await runCli(...words)).toMatchObject({ code: 2, err: expect.stringContaining('no-firmware') })
  })

  test('bad options', async () => {
    const words = ['export', model, '--target', 'cortex-m55-tflm', '--out', join(folder, 'bad')]
    expect(await runCli(...words, '--vectors', 'many')).toMatchObject({ code: 2, err: expect.stringContaining('bad-option') })
    expect(await runCli('export', join(folder, 'none.tflite'), ...words.slice(2))).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot-read'),
    })
  })
})
