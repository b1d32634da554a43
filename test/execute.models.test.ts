/** Real models: every tensor of the executor equals what TFLM and LiteRT's reference kernels answered, by its hash. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { prepareExecutor } from '../src/execute/execute.ts'
import { readTflite } from '../src/formats/tflite/read.ts'
import type { Data } from '../src/graph/ir/graph.ts'
import type { Rounding } from '../src/graph/ops/define.ts'
import { violations } from '../src/graph/ops/validate.ts'

// Absent outside of the project's own farm: then these tests are skipped, and the recorded vectors of test/golden remain.
const shared = new URL('../../shared/', import.meta.url)
const present = existsSync(new URL('golden/int8/index.json', shared)) && existsSync(new URL('models/', shared))

type Layer = { tensor: number; ref_sha256_vector0: string; tflm_sha256_16hex: string[] }
type Recorded = { model: string; input: { file: string; count: number }; output: { file: string }; layers: Layer[] }
const recorded: Recorded[] = present ? JSON.parse(readFileSync(new URL('golden/int8/index.json', shared), 'utf8')).models : []

const sha256 = (data: Data) =>
  createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex')

function traces(one: Recorded, rounding: Rounding, count: number): Map<number, string>[] {
  const graph = readTflite(readFileSync(new URL(`models/${one.model}.tflite`, shared)))
  const executor = prepareExecutor(graph, { rounding })
  const inputs = new Int8Array(readFileSync(new URL(`golden/int8/${one.input.file}`, shared)))
  const length = inputs.length / one.input.count
  return Array.from({ length: count }, (_, v) => {
    const seen = new Map<number, string>()
    executor.run([inputs.subarray(v * length, (v + 1) * length)], (tensor, data) => seen.set(tensor, sha256(data)))
    return seen
  })
}

describe.skipIf(!present)('real models (../shared/models)', () => {
  test.each(recorded.map((one): [string, Recorded] => [one.model, one]))('%s equals TFLM in every tensor of 16 vectors', (_, one) => {
    const seen = traces(one, 'tflm', one.input.count)
    for (const { tensor, tflm_sha256_16hex } of one.layers)
      expect(
        seen.map((s) => s.get(tensor)?.slice(0, 16)),
        `tensor ${tensor}`,
      ).toEqual(tflm_sha256_16hex)
  })

  test.each(recorded.map((one): [string, Recorded] => [one.model, one]))('%s equals LiteRT’s reference in every tensor', (_, one) => {
    const [seen] = traces(one, 'litert', 1)
    for (const { tensor, ref_sha256_vector0 } of one.layers) expect(seen!.get(tensor), `tensor ${tensor}`).toBe(ref_sha256_vector0)
  })

  test.each(recorded.map((one) => [one.model]))('%s keeps the law of a foreign graph', (model) => {
    expect(violations(readTflite(readFileSync(new URL(`models/${model}.tflite`, shared))), 'foreign')).toEqual([])
  })
})
