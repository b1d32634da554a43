/** Recorded answers: every integer kernel equals what TFLM and LiteRT's reference kernels made of the same file (`make golden`). */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { prepareExecutor } from '../src/execute/execute.ts'
import { type Data, type DType, type Quant, size, type Tensor, view } from '../src/graph/ir/graph.ts'
import type { Rounding } from '../src/graph/ops/define.ts'
import { ops } from '../src/graph/ops/registry.ts'
import { mobilenetInt8 } from './samples/mobilenet-int8.ts'
import { networkInput } from './support/network-inputs.ts'

type Stored = { shape: number[]; dtype: DType; quant?: Quant; data?: string }
/** `tflm` and `litert` hold one output for each vector, or say why the runtime refused the file. */
type Case = { attrs: any; inputs: Stored[]; outputs: Stored[]; vectors: string[][]; tflm: string | string[]; litert: string | string[] }
type File = { op: string; versions: Record<string, string>; cases: Case[] }

const folder = new URL('golden/ops/', import.meta.url)
const files = readdirSync(folder).map((name): File => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'))
const dataOf = (text: string, { dtype, shape }: Stored): Data => view(dtype, bytesOf(text).buffer, 0, size(shape))
const tensorOf = (stored: Stored): Tensor => {
  const { data, ...rest } = stored
  return { name: '', ...rest, ...(data !== undefined && { data: dataOf(data, stored) }) }
}

/** The room's kernel on one vector. */
function answer(op: string, one: Case, vector: readonly string[], rounding: Rounding): number[] {
  const inputs = one.inputs.map(tensorOf)
  const outputs = one.outputs.map(tensorOf)
  const free = one.inputs.filter((t) => t.data === undefined)
  const arrays = inputs.map((t, i) => t.data ?? dataOf(vector[free.indexOf(one.inputs[i]!)]!, one.inputs[i]!))
  const y = view(outputs[0]!.dtype, new ArrayBuffer(4 * size(outputs[0]!.shape)), 0, size(outputs[0]!.shape))
  ops.get(op)!.int8!(one.attrs, inputs, outputs, rounding)(arrays as any, [y as any])
  return Array.from(y as ArrayLike<number>)
}

describe.each(files.map((file): [string, File] => [file.op, file]))('%s', (op, { cases }) => {
  test.each(['tflm', 'litert'] as const)('equals %s', (rounding) => {
    let vectors = 0
    for (const [n, one] of cases.entries()) {
      const recorded = rounding === 'litert' && one.litert === 'as tflm' ? one.tflm : one[rounding]
      if (typeof recorded === 'string') continue
      for (const [v, text] of recorded.entries()) {
        const wanted = Array.from(dataOf(text, one.outputs[0]!) as ArrayLike<number>)
        expect(answer(op, one, one.vectors[v]!, rounding), `case ${n}, vector ${v}`).toEqual(wanted)
        vectors++
      }
    }
    expect(vectors).toBeGreaterThanOrEqual(absent[rounding] === op ? 0 : 8)
  })
})

/** The wheel of TFLM has no GELU, LiteRT's reference resolver no ELU. */
const absent = { tflm: 'gelu', litert: 'elu' }

test('every operator with an integer kernel has recorded answers', () => {
  const names = [...ops.values()].filter((def) => def.tflite && def.int8).map((def) => def.name)
  expect(files.map((f) => f.op).sort()).toEqual(names.sort())
})

test('a written network of many operators answers alike in TFLM, in LiteRT’s reference and here', () => {
  const file = JSON.parse(readFileSync(new URL('golden/networks/mobilenet-int8.json', import.meta.url), 'utf8'))
  const [{ tflm, litert, vectors }] = file.cases
  const graph = mobilenetInt8()
  for (const [rounding, recorded] of [
    ['tflm', tflm],
    ['litert', litert === 'as tflm' ? tflm : litert],
  ] as const) {
    const executor = prepareExecutor(graph, { rounding })
    const { shape } = graph.tensors[graph.inputs[0]!]!
    const answerOf = (n: number) => Buffer.from(executor.run([networkInput(n, shape)])[0] as Int8Array).toString('base64')
    const texts = Array.from({ length: vectors }, (_, n) => answerOf(n))
    expect(new Set(texts).size).toBeGreaterThan(1)
    expect(texts).toEqual(recorded)
  }
})
