/** The engine for arrays of multipliers: passes by hand, what bounds a layer, and the fits that target files record. */
import { describe, expect, test } from 'vitest'
import type { Graph } from '../src/graph/ir/graph.ts'
import { loadTarget } from '../src/target/profiles/load.ts'
import type { Target } from '../src/target/profiles/schema.ts'
import { middleOf } from '../src/target/simulate/engines/calibration.ts'
import type { Network } from '../src/target/simulate/engines/define.ts'
import type { Systolic } from '../src/target/simulate/engines/systolic/numbers.ts'
import { simulate } from '../src/target/simulate/simulate.ts'
import { inceptionV1, inceptionV4, mobilenetV1, mobilenetV2 } from './support/anchor-networks.ts'
import { fitEfficiency, latencyMs, onAccelerator } from './support/fit-efficiency.ts'
import { bias, map, oneNode, weights } from './support/small-graph.ts'

const template = loadTarget('systolic')
function engineOf({ engine }: Target): Systolic {
  if (engine.kind !== 'systolic') throw new Error('another engine')
  return engine
}
const plain: Systolic = {
  ...engineOf(template),
  setup: { ...engineOf(template).setup, startMs: 0, layerCycles: 0 },
  array: { ...engineOf(template).array, rows: 16, columns: 16, efficiency: 1 },
  memory: { ...engineOf(template).memory, externalBytesPerSecond: 1e15 },
}
const machine = (changes: Partial<Systolic>): Target => {
  const { link: _, ...engine } = { ...plain, ...changes }
  return { ...template, engine: { ...engine, ...(changes.link && { link: changes.link }) } }
}
const conv = (kernel: number, from: number, to: number, size = 8) =>
  oneNode(
    'conv-2d',
    { strideH: 1, strideW: 1 },
    [map('x', [1, size, size, from]), weights('w', [to, kernel, kernel, from]), bias('b', to)],
    map('y', [1, size, size, to]),
  )

describe('passes of the array', () => {
  test('each output position takes a pass for each 16 products and each 16 channels begun', () => {
    const cycles = (graph: Graph<'quantised'>) => simulate(graph, machine({})).totalCycles
    expect(cycles(conv(1, 16, 16))).toBe(64)
    expect(cycles(conv(1, 17, 16))).toBe(128)
    expect(cycles(conv(1, 16, 17))).toBe(128)
    expect(cycles(conv(3, 16, 32))).toBe(64 * 9 * 2)
    expect(simulate(conv(1, 16, 16), machine({ array: { ...plain.array, efficiency: 0.5 } })).totalCycles).toBe(128)
  })

  test('a depthwise convolution has a column for each channel, a grouped one its groups one after the other', () => {
    const deep = oneNode(
      'depthwise-conv-2d',
      { strideH: 1, strideW: 1 },
      [map('x', [1, 8, 8, 32]), weights('w', [1, 3, 3, 32], 3), bias('b', 32)],
      map('y', [1, 8, 8, 32]),
    )
    expect(simulate(deep, machine({})).totalCycles).toBe(64 * 2)
    const grouped = oneNode(
      'conv-2d',
      { strideH: 1, strideW: 1 },
      [map('x', [1, 8, 8, 32]), weights('w', [32, 1, 1, 8]), bias('b', 32)],
      map('y', [1, 8, 8, 32]),
    )
    expect(simulate(grouped, machine({})).totalCycles).toBe(64 * 4)
  })

  test('what bounds a layer: the array, the memory, the start, the link', () => {
    const bound = (changes: Partial<Systolic>) => simulate(conv(1, 16, 16), machine(changes)).layers[0]
    expect(bound({})).toMatchObject({ boundBy: 'mac', terms: { mac: 64 } })
    const slow = { ...plain.memory, externalBytesPerSecond: 1e6 }
    expect(bound({ memory: slow })).toMatchObject({ boundBy: 'external', terms: { external: (256 / 1e6) * 500e6 } })
    expect(bound({ memory: { ...slow, weights: 'kept' } })?.boundBy).toBe('mac')
    expect(bound({ setup: { ...plain.setup, startMs: 1 } })).toMatchObject({ boundBy: 'start', cycles: 500_064 })
    const { link } = engineOf(template)
    expect(bound({ link: { ...link!, bytesPerSecond: 1e6 } })).toMatchObject({ boundBy: 'transfer', terms: { transfer: 2048 * 500 } })
  })

  test('kept weights fill the chip in layer order; what comes after is streamed', () => {
    const one = conv(3, 64, 64)
    const two: Graph<'quantised'> = {
      ...one,
      tensors: [...one.tensors, weights('v', [64, 3, 3, 64]), map('z', [1, 8, 8, 64])],
      nodes: [one.nodes[0]!, { ...one.nodes[0]!, inputs: [3, 4, 2], outputs: [5] }],
      outputs: [5],
    }
    const streamed = (onChipBytes: number) =>
      simulate(two, machine({ memory: { ...plain.memory, onChipBytes, externalBytesPerSecond: 500e6, weights: 'kept' } })).layers.map(
        ({ terms }) => terms.external,
      )
    const bytes = 64 * 9 * 64
    expect(streamed(2 * bytes)).toEqual([0, 0])
    expect(streamed(2 * bytes - 1)).toEqual([0, bytes])
    expect(streamed(bytes - 1)).toEqual([bytes, bytes])
    expect(streamed(8191)).toEqual([bytes + 8192, bytes + 8192])
  })

  test('an operator on the CPU is priced by the host, or named where it has no price', () => {
    const graph = oneNode('logistic', {}, [map('x', [1, 1000])], map('y', [1, 1000], { scale: [1 / 256], zero: [-128], axis: 0 }))
    const { host } = engineOf(template)
    const priced = simulate(graph, template)
    const seconds = 2000 / host!.bytesPerSecond + host!.operatorMs / 1000
    expect(priced).toMatchObject({ totalCycles: Math.round(seconds * 500e6), unpriced: [] })
    const { host: _, ...bare } = engineOf(template)
    const missing = simulate(graph, { ...template, engine: bare })
    expect(missing).toMatchObject({ totalCycles: 0, unpriced: ['y'] })
    expect(missing.notes.at(-1)).toBe('1 operators run on the CPU and have no price: y; the total is too small.')
  })
})

describe('fits to published latencies', () => {
  const networks = new Map<string, Network>()
  const networkOf = (name: string): Network => {
    const graph = [mobilenetV1, mobilenetV2, inceptionV1, inceptionV4, () => mobilenetV2(224, 1.4)]
      .map((f) => f())
      .find((g) => g.name === name)
    if (!graph) throw new Error(`no network ${name}`)
    const network = networks.get(name) ?? onAccelerator(graph)
    networks.set(name, network)
    return network
  }

  test('the sketched networks have the products and weights of their papers', () => {
    const of = (name: string) => {
      const { layers } = networkOf(name)
      const bytes = layers.reduce((sum, { weights: w }) => sum + (w?.shape.reduce((a, b) => a * b, 1) ?? 0), 0)
      return [Math.round(layers.reduce((sum, { macs }) => sum + macs, 0) / 1e6), Math.round(bytes / 1e5) / 10]
    }
    expect(of('MobileNetV1 224')).toEqual([569, 4.2])
    expect(of('MobileNetV2 1 224')).toEqual([301, 3.5])
    expect(of('InceptionV4 299')).toEqual([12254, 42.6])
  })

  test.each(['coral-edgetpu', 'ti-tda4vm', 'nxp-imx95'])('%s: the recorded fit and what it gives with each latency left out', (name) => {
    const engine = engineOf(loadTarget(name))
    const { calibration } = engine
    if (calibration.state !== 'fitted') throw new Error('not fitted')
    const anchors = calibration.anchors.map(({ network, measuredMs }) => ({ network: networkOf(network), ms: middleOf(measuredMs) }))
    expect([calibration.value, engine.array.efficiency]).toEqual(new Array(2).fill(fitEfficiency(anchors, engine)))
    calibration.anchors.forEach(({ fittedMs, leftOutMs }, i) => {
      expect(latencyMs(anchors[i]!.network, engine)).toBeCloseTo(fittedMs, 3)
      const others = anchors.filter((_, j) => j !== i)
      if (others.length === 0) expect(leftOutMs).toBeUndefined()
      else expect(latencyMs(anchors[i]!.network, engine, fitEfficiency(others, engine))).toBeCloseTo(leftOutMs!, 3)
    })
  })

  test('notes print the error, or that there is none to print', () => {
    const notes = (name: string) => simulate(conv(3, 16, 32), loadTarget(name)).notes.join('\n')
    expect(notes('coral-edgetpu')).toMatch(/efficiency = 0\.\d+ is fitted .*leave-one-out error: median \d+ %, largest \d+ %/)
    expect(notes('nxp-imx95')).toContain('the error of a network that was not fitted is not known')
    expect(notes('ti-am62a')).toContain('Uncalibrated: no public latency of this chip')
    expect(notes('systolic')).toContain('Uncalibrated')
  })
})
