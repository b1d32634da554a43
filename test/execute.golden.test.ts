/** Recorded answers: every integer kernel equals what TFLM and LiteRT's reference kernels made of the same file (`make golden`). */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { prepareExecutor } from '../src/execute/execute.ts'
import { allocate, type Data, type DType, type Quant, size, type Tensor, view } from '../src/graph/ir/graph.ts'
import { authorityOf, type Rounding } from '../src/graph/ops/define.ts'
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

/** The type of the quantised values of a case. */
const typeOf = ({ inputs, outputs }: Case): DType => ([...inputs, ...outputs].some((t) => t.dtype === 'int16') ? 'int16' : 'int8')

/** Kernels of the runtime that is no authority there, whose answers nobody wants; each with its reason. */
const strange: Readonly<Record<string, string>> = {
  'tflm space-to-batch-nd int8': 'fills the padding with what its memory holds',
  'litert sum int16': 'reads bytes of int16 steps as uint8 ones',
  'litert sum int8': 'reads int8 steps as uint8 ones, and clamps its answers to 0 to 255',
}

/** The room's kernel on one vector. */
function answer(op: string, one: Case, vector: readonly string[], rounding: Rounding): number[] {
  const inputs = one.inputs.map(tensorOf)
  const outputs = one.outputs.map(tensorOf)
  const free = one.inputs.filter((t) => t.data === undefined)
  const arrays = inputs.map((t, i) => t.data ?? dataOf(vector[free.indexOf(one.inputs[i]!)]!, one.inputs[i]!))
  const results = outputs.map(({ dtype, shape }) => allocate(dtype, size(shape)))
  ops.get(op)!.int8!(one.attrs, inputs, outputs, rounding)(arrays as any, results as any)
  return results.flatMap((y) => Array.from(y as ArrayLike<number>, Number))
}

/** The elements of all outputs, which a recording holds one behind the other. */
function wantedOf(text: string, { outputs }: Case): number[] {
  const { buffer } = bytesOf(text)
  let at = 0
  return outputs.flatMap(({ dtype, shape }) => {
    const elements = view(dtype, buffer, at, size(shape))
    at += elements.byteLength
    return Array.from(elements as ArrayLike<number>, Number)
  })
}

describe.each(files.map((file): [string, File] => [file.op, file]))('%s', (op, { cases }) => {
  const types = [...new Set(cases.map(typeOf))]
  test.each(types.flatMap((dtype) => (['tflm', 'litert'] as const).map((rounding) => [dtype, rounding] as const)))(
    '%s equals %s',
    (dtype, rounding) => {
      if (`${rounding} ${op} ${dtype}` in strange) return
      let vectors = 0
      for (const [n, one] of cases.entries()) {
        if (typeOf(one) !== dtype) continue
        const recorded = rounding === 'litert' && one.litert === 'as tflm' ? one.tflm : one[rounding]
        if (typeof recorded === 'string') continue
        for (const [v, text] of recorded.entries()) {
          expect(answer(op, one, one.vectors[v]!, rounding), `case ${n}, vector ${v}`).toEqual(wantedOf(text, one))
          vectors++
        }
      }
      // The other runtime has all of it, or refuses all of it.
      if (rounding === authorityOf(ops.get(op)!, dtype)) expect(vectors).toBeGreaterThanOrEqual(8)
      else expect(vectors === 0 || vectors >= 8, `${vectors} vectors`).toBe(true)
    },
  )
})

test('the authority is TFLM, but where only LiteRT has the operator', () => {
  for (const { op, cases } of files)
    for (const dtype of new Set(cases.map(typeOf))) {
      const answered = !strange[`tflm ${op} ${dtype}`] && cases.some((one) => typeOf(one) === dtype && typeof one.tflm !== 'string')
      expect([op, dtype, authorityOf(ops.get(op)!, dtype)]).toEqual([op, dtype, answered ? 'tflm' : 'litert'])
    }
})

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
