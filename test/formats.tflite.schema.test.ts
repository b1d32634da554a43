/** The schema, the code generated from it, the guard's layout and the rooms all say the same. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { layouts, scalarBytes } from '../src/formats/tflite/layout.ts'
import { source } from '../src/formats/tflite/schema/source.ts'
import { BuiltinOperator, BuiltinOptions } from '../src/formats/tflite/schema/tflite.ts'
import { tensorTypes } from '../src/formats/tflite/tensor-types.ts'
import type { Field } from '../src/graph/ops/define.ts'
import { ops } from '../src/graph/ops/registry.ts'
import { enumOf, tablesOf } from './support/fbs.ts'

const root = new URL('../', import.meta.url)
const fbs = readFileSync(new URL('schemas/tflite.fbs', root), 'utf8')
const tables = tablesOf(fbs)
const screaming = (word: unknown) => String(word).toUpperCase().replaceAll('-', '_')
/** Without what tells kebab case from the schema's mixed case. */
const letters = (word: unknown) => String(word).toLowerCase().replace(/[-_]/g, '')
const withTflite = [...ops.values()].filter((op) => op.tflite)

const flatc = (() => {
  try {
    return execFileSync('flatc', ['--version'], { encoding: 'utf8', stdio: 'pipe' }).trim().split(' ').at(-1)
  } catch {
    return undefined
  }
})()

test('the generated code records the schema that it came from', () => {
  expect(source.sha256).toBe(createHash('sha256').update(fbs).digest('hex'))
  expect(source.flatc).toMatch(/^\d+\.\d+\.\d+$/)
})

test.skipIf(flatc !== source.flatc)('make schemas gives the committed code (skipped without the flatc that made it)', () => {
  const generated = new URL('src/formats/tflite/schema/tflite.ts', root)
  const before = readFileSync(generated, 'utf8')
  const made = execFileSync('make', ['-s', 'schemas', 'schema=dist/.schema-test'], { cwd: root, encoding: 'utf8' })
  expect(made).toBe('')
  expect(readFileSync(new URL('dist/.schema-test/tflite.ts', root), 'utf8')).toBe(before)
  rmSync(new URL('dist/.schema-test', root), { recursive: true })
})

test('the guard walks the fields of the schema in their order', () => {
  for (const [table, layout] of Object.entries(layouts)) {
    const fields = Object.entries(layout)
    if (fields.length === 0) continue
    expect(fields, table).toEqual(tables[table]!.slice(0, fields.length).map(({ name, type }) => [name, type]))
    for (const [, type] of fields) {
      const base = enumOf(fbs, type)?.base
      if (base) expect(scalarBytes[type], type).toBe(scalarBytes[base])
    }
  }
})

test('element types have the numbers of the schema', () => {
  const { words } = enumOf(fbs, 'TensorType')!
  for (const [dtype, number] of Object.entries(tensorTypes)) expect(words[number]).toBe(dtype.toUpperCase())
})

test.each(withTflite.map((op) => [op.name, op] as const))('%s states the code, the options and the slots of the schema', (name, op) => {
  expect((BuiltinOperator as Record<string, number>)[screaming(name)]).toBe(op.tflite!.code)
  const union = Object.entries(BuiltinOptions).find(([, tag]) => tag === op.tflite!.options)?.[0]
  expect(union).toBeDefined()
  const fields = tables[union!] ?? []
  for (const [attr, field] of Object.entries(op.attrs as Record<string, Field<unknown>>)) {
    const stated = fields[field.slot]
    expect(stated, `${name}.${attr} has a slot in ${union}`).toBeDefined()
    const words = enumOf(fbs, stated!.type)?.words
    const type = words ? 'enum' : ({ int: 'i32', float: 'f32', bool: 'bool', '[int]': 'i32[]' } as Record<string, string>)[stated!.type]
    expect(field.kind, `${name}.${attr} is a ${stated!.type}`).toBe(type)
    if (words)
      expect(field.values!.map(letters), `${name}.${attr} has the words of ${stated!.type}`).toEqual(
        words.slice(0, field.values!.length).map(letters),
      )
    const zero = { i32: 0, f32: 0, bool: false, enum: field.values?.[0], 'i32[]': [] }[field.kind]
    expect(field.default, `${name}.${attr} has the schema's default`).toEqual(
      stated!.default === undefined ? zero : JSON.parse(stated!.default),
    )
  }
})

test('operators of the schema have one room each', () => {
  const codes = withTflite.map((op) => op.tflite!.code)
  expect(new Set(codes).size).toBe(codes.length)
})
