/** Writes .tflite files for `record.py`: each case of each operator, and a whole network; with their inputs. Usage: node write-models.js DIR */
import { mkdirSync, writeFileSync } from 'node:fs'
import { writeTflite } from '../../src/formats/tflite/write.ts'
import type { Data, Graph, Tensor } from '../../src/graph/ir/graph.ts'
import { ops } from '../../src/graph/ops/registry.ts'
import { mobilenetInt8 } from '../samples/mobilenet-int8.ts'
import { networkInput, networkInputs } from '../support/network-inputs.ts'
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

function write(folder: string, graphs: readonly Graph<'quantised'>[], cases: readonly object[]): void {
  mkdirSync(folder, { recursive: true })
  for (const [n, graph] of graphs.entries()) writeFileSync(`${folder}/${n}.tflite`, writeTflite(graph))
  writeFileSync(`${folder}/cases.json`, JSON.stringify(cases))
}

const folder = process.argv[2]!
for (const def of ops.values()) {
  if (!def.tflite || !def.int8) continue
  const cases = casesOf(def)
  const stored = cases.map(({ attrs, inputs, outputs, vectors }) => {
    return { attrs, inputs: inputs.map(plain), outputs: outputs.map(plain), vectors: vectors.map((v) => v.map(base64)) }
  })
  write(
    `${folder}/ops/${def.name}`,
    cases.map((one) => graphOf(def.name, one)),
    stored,
  )
}

const network = mobilenetInt8()
const [x, y] = [network.tensors[network.inputs[0]!]!, network.tensors[network.outputs[0]!]!]
const vectors = Array.from({ length: networkInputs }, (_, n) => [base64(networkInput(n, x.shape))])
write(`${folder}/networks/mobilenet-int8`, [network], [{ inputs: [plain(x)], outputs: [plain(y)], vectors }])
