/** The lowered layers of a network as steps of a schedule, with the maps that pass between them. */
import { bytesPerElement } from '../../../../../graph/ir/graph.ts'
import type { Layer, LayerTensor, Network } from '../../define.ts'
import type { Generation } from '../generation.ts'
import { type Context, dimsOf, type Lowered } from '../maps.ts'
import type { Memories } from '../memories.ts'
import { type FeatureMap, type Operation, roundUp, volume } from '../operation.ts'
import type { Step, Stored } from './define.ts'

export type Part = { readonly layer: Layer; readonly lowered: readonly Lowered[]; readonly result?: LayerTensor | undefined }

/** One step for each operation, and one for each layer of the CPU; undefined in place of a layer whose operation the machine cannot run. */
export function stepsOf(
  parts: readonly Part[],
  ctx: Context,
  generation: Generation,
): { readonly steps: Step[]; readonly lost: Set<number> } {
  const steps: Step[] = []
  const lost = new Set<number>()
  for (const { layer, lowered, result } of parts) {
    if (layer.place === 'cpu') {
      steps.push({
        index: steps.length,
        node: layer.node,
        reads: layer.inputs.filter(isMap).map((map) => seen(map, ctx)),
        ...outputOf(layer, ctx),
      })
    }
    for (const [i, one] of lowered.entries()) {
      const plan = generation.plan(one, ctx.memories.constants)
      if (!plan) {
        lost.add(layer.node)
        break
      }
      const op = weighed(outside(one.op, ctx.memories), one, plan, ctx.memories)
      const last = i === lowered.length - 1
      const written = last && result ? seen(result, ctx) : one.op.ofm
      const reads = [op.ifm, op.ifm2, ...(op.chain ?? []).map(({ other }) => other)].filter(
        (map) => map?.tensor !== undefined,
      ) as FeatureMap[]
      const writes = written.tensor === undefined ? {} : { writes: written }
      steps.push({ index: steps.length, node: layer.node, run: { lowered: one, op, plan, primary: primaryOf(op) }, reads, ...writes })
    }
  }
  return { steps, lost }
}

const isMap = ({ constant }: LayerTensor): boolean => !constant
const seen = (map: LayerTensor, ctx: Context): FeatureMap => ({
  shape: dimsOf(map.shape),
  bits: bytesPerElement(map.dtype) * 8,
  format: ctx.linear(map.tensor) ? 'nhwc' : 'nhcwb16',
  memory: ctx.memories.arena,
  tensor: ctx.rootOf(map.tensor),
})
const outputOf = ({ outputs: [y] }: Layer, ctx: Context) => (y ? { writes: seen(y, ctx) } : {})

/** Before anything is moved: what a layer works on inside lies with the maps. */
function outside(op: Operation, { arena, staging }: Memories): Operation {
  if (arena.name === staging.name) return op
  const out = (map: FeatureMap): FeatureMap => (map.memory.name === staging.name ? { ...map, memory: arena } : map)
  return { ...op, ifm: out(op.ifm), ...(op.ifm2 && { ifm2: out(op.ifm2) }), ofm: out(op.ofm) }
}

function weighed(op: Operation, { source }: Lowered, plan: NonNullable<Step['run']>['plan'], { constants }: Memories): Operation {
  if (!source) return op
  const { weights, scales } = plan.encode(0, op.ofm.shape[2])
  return { ...op, weights: { bytes: weights, scaleBytes: scales, memory: constants } }
}

/** The second input where the first is a constant, or is spread over the result while the second is not. */
function primaryOf({ ifm, ifm2, ofm }: Operation): FeatureMap {
  if (!ifm2) return ifm
  const size = ofm.shape.join()
  const second = (ifm.tensor === undefined && ifm2.tensor !== undefined) || (ifm.shape.join() !== size && ifm2.shape.join() === size)
  return second ? ifm2 : ifm
}

/** Every map that a step reads or writes, by its tensor. */
export function mapsOf(steps: readonly Step[], network: Network, ctx: Context): Map<number, Stored> {
  const tensors = new Map(network.layers.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]).map((map) => [map.tensor, map]))
  const rootsOf = (given: readonly number[]) => new Set(given.map((tensor) => ctx.rootOf(tensor)))
  const [inputs, outputs] = [rootsOf(network.inputs), rootsOf(network.outputs)]
  const maps = new Map<number, { -readonly [K in keyof Stored]: Stored[K] extends readonly number[] ? number[] : Stored[K] }>()
  const mapFor = (tensor: number) => {
    const known = maps.get(tensor)
    if (known) return known
    const { shape, dtype } = tensors.get(tensor)!
    const [height, width, depth] = dimsOf(shape)
    const linear = ctx.linear(tensor)
    const made = {
      tensor,
      bytes: roundUp(volume([height, width, linear ? depth : roundUp(depth, 16)]) * bytesPerElement(dtype), 16),
      linear,
      border: inputs.has(tensor) || outputs.has(tensor),
      output: outputs.has(tensor),
      cpuReads: false,
      cpuWrites: false,
      writers: [] as number[],
      readers: [] as number[],
    }
    maps.set(tensor, made)
    return made
  }
  for (const { index, run, reads, writes } of steps) {
    for (const { tensor } of reads) {
      const map = mapFor(tensor!)
      map.readers.push(index)
      if (!run) map.cpuReads = true
    }
    if (writes?.tensor === undefined) continue
    const map = mapFor(writes.tensor)
    map.writers.push(index)
    if (!run) map.cpuWrites = true
  }
  return maps
}
