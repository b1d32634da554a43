/** Networks at other sizes of their input: shapes by hand, what cannot be resized, and where a target falls off. */
import { describe, expect, test } from 'vitest'
import { UserError } from '../src/errors.ts'
import type { Graph, Node, Tensor } from '../src/graph/ir/graph.ts'
import { violations } from '../src/graph/ops/validate.ts'
import { resizeInput } from '../src/graph/passes/resize-input.ts'
import { check } from '../src/target/check/check.ts'
import { loadTarget } from '../src/target/profiles/load.ts'
import { sizesOf } from '../src/target/sweep/sizes.ts'
import { sweep } from '../src/target/sweep/sweep.ts'
import { mobilenetInt8 } from './samples/mobilenet-int8.ts'
import { mobilenetV2 } from './support/anchor-networks.ts'
import { bias, indices, map, oneNode, weights } from './support/small-graph.ts'

/** Nodes one after the other; each reads the output of the one before and its own constants. */
function chain(
  image: readonly number[],
  ...steps: readonly (readonly [string, object, readonly Tensor[], readonly number[]])[]
): Graph<'quantised'> {
  const tensors: Tensor[] = [map('x', image)]
  let at = 0
  const nodes = steps.map(([op, attrs, constants, out]): Node => {
    const ids = constants.map((t) => tensors.push({ ...t, name: `${t.name}${tensors.length}` }) - 1)
    const inputs = [at, ...ids]
    at = tensors.push(map(`${op}${tensors.length}`, out)) - 1
    const { attrs: full } = oneNode(op, attrs, [map('a', [1]), ...constants], map('b', [1])).nodes[0]!
    return { op, attrs: full, inputs, outputs: [at] }
  })
  return { phase: 'quantised', name: 'chain', tensors, nodes, inputs: [0], outputs: [at], metadata: {} }
}
const shapes = (graph: Graph) => graph.nodes.map((node) => graph.tensors[node.outputs[0]!]!.shape)
const conv = (from: number, to: number, out: readonly number[], strideH = 1) =>
  ['conv-2d', { strideH, strideW: strideH }, [weights('w', [to, 3, 3, from]), bias('b', to)], out] as const
function refusal(run: () => unknown): UserError {
  try {
    run()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('it passed')
}

describe('resizing', () => {
  test('convolutions, a global pool, a flattening reshape and a dense layer take another size', () => {
    const network = chain(
      [1, 8, 8, 3],
      conv(3, 4, [1, 4, 4, 4], 2),
      ['average-pool-2d', { filterH: 4, filterW: 4, strideH: 4, strideW: 4, padding: 'valid' }, [], [1, 1, 1, 4]],
      ['reshape', {}, [indices('shape', [1, 4])], [1, 4]],
      ['fully-connected', {}, [weights('d', [10, 4]), bias('e', 10)], [1, 10]],
    )
    const bigger = resizeInput(network, 32, 16)
    expect(shapes(bigger)).toEqual([
      [1, 16, 8, 4],
      [1, 1, 1, 4],
      [1, 4],
      [1, 10],
    ])
    expect(bigger.nodes[1]!.attrs).toMatchObject({ filterH: 16, filterW: 8, strideH: 16, strideW: 8 })
    expect(violations(bigger, 'foreign').filter((words) => !words.includes('float32'))).toEqual([])
    expect(shapes(resizeInput(bigger, 8, 8))).toEqual(shapes(network))
    expect(shapes(network)[0]).toEqual([1, 4, 4, 4])
  })

  test('enlargements keep their factor, slices their distance to the end, reshapes of rows their channels', () => {
    const network = chain(
      [1, 8, 8, 3],
      ['resize-bilinear', {}, [indices('size', [16, 16])], [1, 16, 16, 3]],
      ['strided-slice', {}, [indices('b', [0, 1, 0, 0]), indices('e', [1, 15, 16, 3]), indices('s', [1, 1, 1, 1])], [1, 14, 16, 3]],
      ['slice', {}, [indices('b', [0, 0, 2, 0]), indices('n', [1, 14, 14, -1])], [1, 14, 14, 3]],
      ['reshape', { newShape: [1, 196, 3] }, [], [1, 196, 3]],
    )
    expect(shapes(resizeInput(network, 12, 10))).toEqual([
      [1, 24, 20, 3],
      [1, 22, 20, 3],
      [1, 22, 18, 3],
      [1, 396, 3],
    ])
  })

  test('a dense layer over pixels works for one size; a network without an image for none', () => {
    const network = chain(
      [1, 4, 4, 2],
      ['reshape', { newShape: [1, 32] }, [], [1, 32]],
      ['fully-connected', {}, [weights('d', [5, 32]), bias('e', 5)], [1, 5]],
    )
    const error = refusal(() => resizeInput(network, 8, 4))
    expect([error.code, error.found]).toEqual(['cannot-resize', '8 x 4'])
    expect(error.message).toContain('fully-connected')
    const flat = oneNode('relu', {}, [map('x', [1, 4])], map('y', [1, 4]))
    expect(refusal(() => resizeInput(flat, 8, 8)).expected).toContain('[N, H, W, C]')
  })
})

describe('sweeps', () => {
  test('the words for sizes', () => {
    expect([sizesOf('input=96..160'), sizesOf('input=8..32:8'), sizesOf('input=64,32,64')]).toEqual([
      [96, 128, 160],
      [8, 16, 24, 32],
      [32, 64],
    ])
    for (const bad of ['96..160', 'input=160..96', 'input=1..2:0', 'input=0,4', 'input=', 'input=1..99999:1', 'width=3'])
      expect([bad, refusal(() => sizesOf(bad)).code]).toEqual([bad, 'bad-sweep'])
  })

  test('work and arena grow with the size, sizes that do not go say why', () => {
    const { rows, model } = sweep(mobilenetInt8(), loadTarget('coral-edgetpu'), [32, 64, 96])
    expect(model).toBe('systolic')
    const arenas = rows.map((row) => ('cannot' in row ? 0 : row.arenaBytes))
    expect(arenas).toEqual([...arenas].sort((a, b) => a - b))
    expect(new Set(arenas).size).toBe(3)
    const halves = chain(
      [1, 8, 8, 3],
      conv(3, 4, [1, 4, 4, 4], 2),
      ['resize-nearest-neighbor', {}, [indices('size', [8, 8])], [1, 8, 8, 4]],
      ['reshape', { newShape: [1, 256] }, [], [1, 256]],
      ['fully-connected', {}, [weights('d', [5, 256]), bias('e', 5)], [1, 5]],
    )
    expect(sweep(halves, loadTarget('systolic'), [8, 16]).rows.map((row) => 'cannot' in row)).toEqual([false, true])
    expect(refusal(() => sweep(halves, loadTarget('systolic'), [16, 24])).code).toBe('cannot-resize')
  })

  test('i.MX 95: MobileNetV2 runs whole at 224, and falls off at 320', () => {
    const sketch = mobilenetV2(224)
    const inner = new Set(sketch.nodes.flatMap(({ outputs }) => outputs))
    const constant = (t: Tensor, i: number): Tensor =>
      inner.has(i) || i === 0
        ? t
        : { ...t, data: t.dtype === 'int8' ? new Int8Array(t.shape.reduce((a, b) => a * b, 1)) : new Int32Array(t.shape[0]!) }
    const network = { ...sketch, tensors: sketch.tensors.map(constant) }
    const { rows } = sweep(network, loadTarget('nxp-imx95'), [192, 224, 320])
    const [, at224, at320] = rows.map((row) => ('cannot' in row ? undefined : row))
    expect(at224).toMatchObject({ cpu: 0, segments: 1, falls: [] })
    expect(at320!.cpu).toBeGreaterThan(0)
    expect(at320!.findings).toEqual(expect.arrayContaining(['working-set', 'size-cliff']))
    expect(at320!.falls.join()).toMatch(/operators on the accelerator 64 to \d+/)
    expect(at320!.latencyMs / at224!.latencyMs).toBeGreaterThan((1.5 * at320!.macs) / at224!.macs)
  })

  test('memory: an arena over the SRAM of a profile and weights over its flash are findings', () => {
    const small = { ...loadTarget('systolic'), memory: { ...loadTarget('systolic').memory!, sramBytes: 60_000, flashBytes: 40_000 } }
    const codes = (size: number) =>
      check(resizeInput(mobilenetInt8(), size, size), small).findings.map(({ code, costs, found }) => [code, costs, found])
    expect(codes(32).map(([code]) => code)).not.toContain('arena-over-sram')
    expect(codes(128)).toContainEqual(['arena-over-sram', 'does-not-fit', expect.stringMatching(/^arenaBytes \d+$/)])
  })
})
