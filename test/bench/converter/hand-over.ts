/** A float graph as JSON and raw float32 weights, for the converter's side to rebuild in TensorFlow's own operations. */
import type { Graph } from '../../../src/graph/ir/graph.ts'
import { writeWhole } from '../../../src/runs/files.ts'

/** Writes PATH.json and PATH.bin: weights lie one after the other, each at `at` floats; integer constants stand in the JSON. */
export async function handOver(graph: Graph, path: string): Promise<void> {
  const parts: Float32Array[] = []
  let floats = 0
  const tensors = graph.tensors.map(({ shape, dtype, data }) => {
    if (!data) return { shape }
    if (dtype !== 'float32') return { shape, values: Array.from(data as Int32Array, Number) }
    const at = floats
    parts.push(data as Float32Array)
    floats += data.length
    return { shape, at }
  })
  const { nodes, inputs, outputs } = graph
  await writeWhole(`${path}.json`, JSON.stringify({ tensors, nodes, inputs, outputs }))
  const bytes = new Float32Array(floats)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  await writeWhole(`${path}.bin`, new Uint8Array(bytes.buffer))
}
