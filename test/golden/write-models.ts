/** Writes a .tflite file for each case of each operator, and the cases themselves, for `record.py`. Usage: node write-models.js DIR */
import { mkdirSync, writeFileSync } from 'node:fs'
import { writeTflite } from '../../src/formats/tflite/write.ts'
import type { Data, Graph, Tensor } from '../../src/graph/ir/graph.ts'
import { ops } from '../../src/graph/ops/registry.ts'
import { casesOf, type OpCase } from '../support/op-cases.ts'

const base64 = (data: Data) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')
const plain = ({ shape, dtype, quant, data }: Tensor) => ({ shape, dtype, ...(quant && { quant }), ...(data && { data: base64(data) }) })

function graphOf(op: string, { attrs, inputs, outputs }: OpCase): Graph<'quantised'> {
  const ids = [...inputs.keys()]
  const node = { op, attrs, inputs: ids, outputs: outputs.map((_, o) => inputs.length + o) }
  const tensors = [...inputs, ...outputs]
  return {
    phase: 'quantised',
    name: op,
    tensors,
    nodes: [node],
    inputs: ids.filter((t) => !inputs[t]!.data),
    outputs: node.outputs,
    metadata: {},
  }
}

const folder = process.argv[2]!
for (const def of ops.values()) {
  if (!def.tflite || !def.int8) continue
  mkdirSync(`${folder}/${def.name}`, { recursive: true })
  const cases = casesOf(def)
  for (const [n, one] of cases.entries()) writeFileSync(`${folder}/${def.name}/${n}.tflite`, writeTflite(graphOf(def.name, one)))
  const written = cases.map(({ attrs, inputs, outputs, vectors }) => ({
    attrs,
    inputs: inputs.map(plain),
    outputs: outputs.map(plain),
    vectors: vectors.map((v) => v.map(base64)),
  }))
  writeFileSync(`${folder}/${def.name}/cases.json`, JSON.stringify(written))
}
