/** The editor's schema says what the program checks. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import packageJson from '../package.json' with { type: 'json' }
import * as presets from '../src/config/experiments/index.ts'
import { experimentJsonSchema, projectJsonSchema } from '../src/config/json-schema.ts'
import { version } from '../src/version.ts'

test('schemas/project.schema.json is what `make schemas` writes', () => {
  expect(readFileSync(new URL('../schemas/project.schema.json', import.meta.url), 'utf8')).toBe(projectJsonSchema())
})

test('schemas/experiment.schema.json is what `make schemas` writes, takes what we take, and refuses what we refuse', () => {
  expect(readFileSync(new URL('../schemas/experiment.schema.json', import.meta.url), 'utf8')).toBe(experimentJsonSchema())
  const schema = z.fromJSONSchema(JSON.parse(experimentJsonSchema()))
  const variants = [{ ensemble: 'weighted', activation: 'elu' }]
  for (const good of [...Object.values(presets), { preset: 'table1' }, { networks: ['resnet-8'], variants }])
    expect(schema.safeParse(good)).toMatchObject({ success: true })
  for (const bad of [
    { networks: [] },
    { networks: ['resnet-8'], seed: [1] },
    { networks: [{ use: 'a', bas: 'relu6' }] },
    { preset: 'table1', ends: [1] },
  ])
    expect(schema.safeParse(bad)).toMatchObject({ success: false })
})

test('the version is that of package.json', () => {
  expect(version).toBe(packageJson.version)
})
