/**
 * Cycles and arenas of small networks in five configurations, recorded from Arm Vela 5.2.0 on the very files that
 * writeTflite makes of these graphs: so the estimator is held to the compiler where no golden folder is.
 */
import { expect, test } from 'vitest'
import { loadTarget } from '../src/target/profiles/load.ts'
import { simulate, simulateAll } from '../src/target/simulate/simulate.ts'
import { networks } from './support/small-networks.ts'

const flash = { systemConfig: 'Ethos_U85_SYS_Flash_High', memoryMode: 'Shared_Sram' }
const configurations = [['ethos-u55-128'], ['ethos-u65-256'], ['ethos-u85-128', flash], ['ethos-u85-256'], ['ethos-u85-1024']] as const

/** Beside the maps of a transposed convolution the compiler plans its buffers a little closer on a U85. */
const LOOSE = 1.04

test.each<[keyof typeof networks & string, number[], number[]]>([
  ['depthwise separable, padded before strides', [25477, 23844, 24347, 31477, 22023], [17184, 12544, 17248, 12720, 13056]],
  ['inverted residuals', [90164, 61257, 90630, 74198, 47185], [73232, 73232, 73632, 73632, 74048]],
  ['squeeze and excite, swish', [54004, 47733, 58587, 48251, 19953], [18880, 18880, 19264, 19264, 19728]],
  ['residuals, the shortcut last', [156089, 90386, 123072, 85083, 28313], [51664, 51664, 52640, 52640, 52704]],
  ['branches joined, of few channels too', [60875, 43971, 51130, 41488, 21575], [30976, 30976, 31104, 31104, 31232]],
  ['segmentation: down, up, and what was seen before', [118716, 65921, 153557, 102937, 57054], [59296, 59296, 59104, 59104, 59328]],
  ['maps larger than fast memory', [3165280, 1648311, 3443784, 2450058, 659346], [1589792, 353712, 1589408, 352624, 355168]],
])('%s', (name, cycles, arenas) => {
  const graph = networks[name]!()
  const found = configurations.map(([target, options]) => simulate(graph, loadTarget(target), options ?? {}))
  expect(found.map(({ totalCycles }) => totalCycles)).toEqual(cycles)
  for (const [i, { arenaBytes, unpriced, layers }] of found.entries()) {
    expect(arenaBytes).toBeGreaterThanOrEqual(arenas[i]!)
    expect(arenaBytes).toBeLessThanOrEqual(arenas[i]! * (name.startsWith('segmentation') ? LOOSE : 1))
    expect(unpriced).toEqual([])
    expect(layers).toHaveLength(graph.nodes.length)
  }
})

test('a chained sum costs what the layer before it costs, and says so', () => {
  const { layers } = simulate(networks['inverted residuals']!(), loadTarget('ethos-u85-256'))
  expect(layers.filter(({ boundBy }) => boundBy === 'chained').map(({ op, cycles }) => [op, cycles])).toEqual([['add', 0]])
})

test('many targets at once give what each gives alone', () => {
  const targets = ['ethos-u55-128', 'ethos-u85-256', 'cortex-m55-tflm'].map((name) => loadTarget(name))
  const make = networks['residuals, the shortcut last']!
  expect(simulateAll(make(), targets)).toEqual(targets.map((target) => simulate(make(), target)))
})

test('the legacy core knows no U85', () => {
  const graph = networks['inverted residuals']!()
  expect(() => simulate(graph, loadTarget('ethos-u85-256'), { model: 'legacy' })).toThrow(
    expect.objectContaining({ code: 'unknown-model', expected: 'regor-5.2, regor-5.1' }),
  )
})
