/** The editor's schema says what the program checks. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { projectJsonSchema } from '../src/config/json-schema.ts'
import { version } from '../src/version.ts'

test('schemas/project.schema.json is what `make schemas` writes', () => {
  expect(readFileSync(new URL('../schemas/project.schema.json', import.meta.url), 'utf8')).toBe(projectJsonSchema())
})

test('the version is that of package.json', () => {
  expect(version).toBe(packageJson.version)
})
