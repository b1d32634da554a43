/** Layers that run in one go, as operations of the accelerator. */
import type { Layer } from '../define.ts'
import { lower, shapes } from './lower.ts'
import { activationOf, bitsOf, type Context, ends, type Lowered, mapOf } from './maps.ts'
import type { Lowering } from './numbers.ts'
import type { Link, Operation, Output } from './operation.ts'

/** Bytes of a table of one value for each int8. */
const TABLE = 256

/** The operations of layers that run as one: tables are fused to what comes before; other layers are chained to the last operation of the first (U85). */
export function lowerChain(layers: readonly Layer[], hows: readonly Lowering[], ctx: Context): readonly Lowered[] | undefined {
  const lowered = lower(layers[0]!, hows[0]!, ctx)
  const last = lowered?.at(-1)
  if (!lowered || !last) return undefined
  const links: Link[] = [...(last.op.chain ?? [])]
  let activation = last.op.activation
  layers.slice(1).forEach((layer, i) => {
    const how = hows[i + 1]!
    const fused = how === 'table' ? 'lut' : how === 'clamp' ? 'clamp' : undefined
    if (!fused) links.push(linkOf(layer, layers[i]!, shapes[how]![1], ctx))
    else if (links.length > 0) links[links.length - 1] = { ...links.at(-1)!, activation: fused }
    else activation = fused
  })
  const tabled = hows.slice(1).includes('table')
  const written = mapOf(layers.at(-1)!.outputs[0]!, ctx)
  const op: Operation = { ...last.op, activation, ...(tabled && { lutBytes: TABLE }), ...ends(last.op, links, written, ctx) }
  // Only a table of its own is waited for.
  return [...lowered.slice(0, -1), { ...last, op }]
}

function linkOf(layer: Layer, before: Layer, output: Output, ctx: Context): Link {
  const passed = before.outputs[0]!
  const other = layer.inputs.find(({ tensor }) => tensor !== passed.tensor)
  return {
    output,
    activation: activationOf(layer),
    binary: layer.inputs.length > 1,
    bits: { input: bitsOf(passed.dtype), output: bitsOf(layer.outputs[0]!.dtype) },
    ...(other && { other: mapOf(other, ctx) }),
  }
}
