/** Every overlay against its room's kernel, bit for bit, over random cases; and that it writes nowhere else. */
import { describe, expect, test } from 'vitest'
import * as overlays from '../src/execute/fast/index.ts'
import { loadFastKernels } from '../src/execute/fast/load.ts'
import { size } from '../src/graph/ir/graph.ts'
import type { Rounding } from '../src/graph/ops/define.ts'
import { opOf } from '../src/graph/ops/registry.ts'
import { type Case, cases, draws, elements } from './samples/overlay-cases.ts'

const CASES = 150
const GUARD = 64

/** What the overlay writes, with the bytes about it; undefined where it does not cover the case. */
function runFast(op: string, { attrs, inputs, outputs }: Case, xs: readonly Int8Array[], rounding: Rounding) {
  const { overlays: fast, memory } = loadFastKernels()
  const length = size(outputs[0]!.shape)
  const places = xs.map((x) => memory.allocate(x.length))
  const guarded = memory.allocate(length + 2 * GUARD)
  const kernel = fast.get(op)!.prepare(attrs, inputs, outputs, rounding, memory)
  if (!kernel) return undefined
  const around = new Uint8Array(memory.buffer, guarded, length + 2 * GUARD).fill(0xa5)
  const at = xs.map((x, i) => {
    const view = new Int8Array(memory.buffer, places[i]!, x.length)
    view.set(x)
    return view
  })
  const y = new Int8Array(memory.buffer, guarded + GUARD, length)
  kernel([...at, ...inputs.slice(xs.length).map((c) => c.data as Int8Array)], [y])
  const before = around.subarray(0, GUARD).every((v) => v === 0xa5)
  const after = around.subarray(GUARD + length).every((v) => v === 0xa5)
  return { y: y.slice(), clean: before && after && at.every((view, i) => view.every((v, k) => v === xs[i]![k])) }
}

describe.each(Object.values(overlays).map(({ op }) => op))('%s', (op) => {
  test('equals its room bit for bit', () => {
    const seen = { covered: 0, saturated: 0, inside: 0 }
    for (let seed = 0; seed < CASES; seed++) {
      const d = draws(seed)
      const one = cases[op]!(d)
      const xs = one.inputs.filter((t) => !t.data).map((t) => elements(d, t))
      const rounding = d.oneOf<Rounding>('tflm', 'litert')
      const fast = runFast(op, one, xs, rounding)
      if (!fast) continue
      const plain = new Int8Array(size(one.outputs[0]!.shape))
      const given = [...xs, ...one.inputs.slice(xs.length).map((c) => c.data as Int8Array)]
      opOf({ op }).int8!(one.attrs, one.inputs, one.outputs, rounding)(given, [plain])
      const differs = plain.findIndex((v, i) => v !== fast.y[i])
      if (differs >= 0)
        expect.fail(`seed ${seed}: element ${differs} is ${fast.y[differs]}, not ${plain[differs]}: ${describeCase(one, rounding)}`)
      expect(fast.clean, `seed ${seed} writes outside its output`).toBe(true)
      seen.covered++
      for (const v of plain) v === -128 || v === 127 ? seen.saturated++ : seen.inside++
    }
    // A case that falls through to the room, or an output at its ends only, proves nothing.
    expect(seen.covered).toBe(CASES)
    expect(seen.inside).toBeGreaterThan(1000)
    expect(seen.saturated).toBeGreaterThan(100)
  })
})

const describeCase = ({ attrs, inputs, outputs }: Case, rounding: Rounding) =>
  JSON.stringify({ rounding, attrs, inputs: inputs.map((t) => ({ shape: t.shape, quant: t.quant })), outputs })
