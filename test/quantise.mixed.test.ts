/** Mixed precision: layers that cost most stay in 16 bits or in float within a budget, and the graph of them is lawful, written, read and run. */
import * as tf from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, test } from 'vitest'
import { prepareExecutor } from '../src/execute/execute.ts'
import { importLayers } from '../src/formats/tfjs-layers/import-layers.ts'
import { readTflite } from '../src/formats/tflite/read.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import type { DType, Graph } from '../src/graph/ir/graph.ts'
import { foldGraph } from '../src/graph/passes/fold-graph.ts'
import { stripGraph } from '../src/graph/passes/strip-graph.ts'
import { calibrationSet } from '../src/quantise/calibration-set.ts'
import type { WideForm } from '../src/quantise/mixed/define.ts'
import { type Tuned, tune } from '../src/quantise/tune.ts'
import { quantisationLines } from '../src/stages/quantisation.ts'
import { chain, images, modelOf } from './support/layers-models.ts'

beforeAll(async () => {
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
})

const shape = [8, 8, 3]
const conv = (name: string) => layers.conv2d({ filters: 6, kernelSize: 3, padding: 'same', activation: 'relu', name })
const network = () =>
  foldGraph(
    stripGraph(
      importLayers(modelOf(shape, chain(conv('a'), conv('b'), conv('c'), layers.flatten(), layers.dense({ units: 4, name: 'd' })))),
    ),
  )
const made = (budget: number | undefined, keep: WideForm = 'int16'): Tuned => {
  const graph = network()
  const set = calibrationSet(graph, [images(shape, 12)])
  return tune(graph, set, { method: 'min-max', refine: false, ...(budget !== undefined && { mixed: { budget, keep } }) })
}
const typesOf = (graph: Graph, op: string): DType[] =>
  graph.nodes.filter((n) => n.op === op).map(({ outputs }) => graph.tensors[outputs[0]!]!.dtype)

describe.each<WideForm>(['int16', 'float32'])('layers kept in %s', (keep) => {
  const plain = made(undefined)
  const all = made(1, keep)

  test('bring the network closer to float, and every kept layer says why', () => {
    expect(all.sqnrDb).toBeGreaterThan(plain.sqnrDb + (keep === 'int16' ? 1 : 3))
    const { layers: kept, share } = all.mixed!
    expect(kept.length).toBeGreaterThan(1)
    for (const { gainDb, aloneDb } of kept) expect([gainDb > 0.05, Number.isFinite(aloneDb)]).toEqual([true, true])
    // The first to be chosen is among the most sensitive.
    expect(kept[0]!.aloneDb).toBeLessThan(kept.at(-1)!.aloneDb + 6)
    expect(share).toBeGreaterThan(0.3)
    expect(all.steps.at(-1)).toMatchObject({ name: 'mixed-precision', kept: true, beforeDb: plain.sqnrDb, afterDb: all.sqnrDb })
    const lines = quantisationLines({ ...all, warnings: [] }).join('\n')
    for (const { name } of kept) expect(lines).toContain(`${name} (`)
  })

  test('take no more than their budget, and nothing of none', () => {
    for (const budget of [0.1, 0.5]) expect(made(budget, keep).mixed!.share).toBeLessThanOrEqual(budget)
    expect(made(1e-9, keep).graph.nodes).toEqual(plain.graph.nodes)
  })

  test('stand behind conversions; inputs and outputs of the network stay int8', () => {
    const { graph } = all
    expect([...graph.inputs, ...graph.outputs].map((t) => graph.tensors[t]!.dtype)).toEqual(['int8', 'int8'])
    expect(typesOf(graph, 'conv-2d')).toContain(keep)
    expect(typesOf(graph, 'quantize')).toContain('int8')
    if (keep === 'int16')
      for (const { inputs, op } of graph.nodes) if (op === 'conv-2d') expect(graph.tensors[inputs[1]!]!.dtype).toBe('int8')
  })

  test('travel through a file, and run to the same bits', () => {
    const read = readTflite(writeTflite(all.graph))
    expect(read).toEqual(all.graph)
    const run = (graph: Graph) => prepareExecutor(graph).run([Int8Array.from({ length: 192 }, (_, i) => ((i * 37) % 256) - 128)])
    expect(run(read)).toEqual(run(all.graph))
  })
})
