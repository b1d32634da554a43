/** The facts that every operator has; with a room's own, they are what a target's limits bound. */
import { bytesPerElement, type Graph, type Node, size, type Tensor } from '../ir/graph.ts'
import { carriesFeatures, type Fact, type Operand, roleOfInput } from './define.ts'
import { sameQuant } from './kit/scale.ts'
import { opOf } from './registry.ts'

export type Facts = Readonly<Record<string, Fact>>

/** The operands of a node as its room sees them; absent optional inputs are undefined. */
export const operandsOf = ({ tensors }: Pick<Graph, 'tensors'>, node: Node) => ({
  inputs: node.inputs.map((t) => tensors[t]) as Operand[],
  outputs: node.outputs.map((t) => tensors[t]) as Operand[],
})

/** The general facts of a node, by name. Feature maps are its data: neither weights nor bias nor indices. */
export function generalFacts(graph: Pick<Graph, 'tensors'>, node: Node): Facts {
  const def = opOf(node)
  const { inputs, outputs } = operandsOf(graph, node)
  const features = inputs.filter((t, i) => t && carriesFeatures(roleOfInput(def, i)))
  const [x, y] = [features[0] ?? inputs[0]!, outputs[0]!]
  const maps = [...features, ...outputs]
  const others = inputs.filter((t, i) => t && !carriesFeatures(roleOfInput(def, i)) && roleOfInput(def, i).role !== 'index')
  const extents = maps.flatMap((t) => t.shape)
  const integer = ({ dtype }: Operand) => dtype !== 'float32' && dtype !== 'bool'
  return {
    ...{ family: def.family, dtype: x.dtype, outputDtype: y.dtype, has32Bit: maps.some((t) => t.dtype === 'int32') },
    ...{ has64Bit: maps.some((t) => t.dtype === 'int64'), hasFloat: maps.some((t) => t.dtype === 'float32' || t.dtype === 'float16') },
    ...{ rank: x.shape.length, outputRank: y.shape.length, rankMax: Math.max(...maps.map((t) => t.shape.length)) },
    ...{ batch: x.shape.length > 1 ? x.shape[0]! : 1, extentMax: Math.max(1, ...extents), extentMin: Math.min(...extents, Infinity) },
    ...{ height: fromEnd(x, 3), width: fromEnd(x, 2), channels: fromEnd(x, 1), outputChannels: fromEnd(y, 1) },
    ...{ outputHeight: fromEnd(y, 3), outputWidth: fromEnd(y, 2) },
    ...{ inputCount: inputs.filter(Boolean).length, outputCount: outputs.length },
    quantised: [...maps, ...others].every((t) => integer(t) && (t.dtype === 'int64' || (!!t.quant && t.quant.scale.length > 0))),
    scalesPositive: [...maps, ...others].every((t) => !t.quant || t.quant.scale.every((s) => s > 0 && Number.isFinite(s))),
    ...{ perAxisMaps: maps.some(perAxis), perAxisWeights: others.some(perAxis) },
    scalesEqual: maps.every((t) => sameQuant(t, x)),
    zeroOf32Bit: maps.every((t) => t.dtype !== 'int32' || !t.quant || t.quant.zero.every((z) => z === 0)),
    constantInputs: inputs.filter((t) => t?.data !== undefined).length,
    ...{
      dtypesEqual: maps.every((t) => t.dtype === x.dtype),
      asymmetricMaps: maps.some((t) => t.quant?.zero.some((z) => z !== 0) ?? false),
    },
    // Machines with room for three axes take more only where the rest are 1.
    outerExtentMax: Math.max(1, ...maps.flatMap((t) => t.shape.slice(0, -3))),
    mapBytes: maps.reduce((sum, t) => sum + size(t.shape) * bytesPerElement(t.dtype), 0),
  }
}

const perAxis = ({ quant }: Pick<Tensor, 'quant'> | Operand): boolean => (quant?.scale.length ?? 0) > 1

/** The extent of the axis that lies `back` from the end in an NHWC reading, 1 where there is none. */
const fromEnd = ({ shape }: Operand, back: number): number => (shape.length >= back ? shape[shape.length - back]! : 1)

/** All facts of a node: the general ones and those of its room. */
export function factsOf(graph: Pick<Graph, 'tensors'>, node: Node): Facts {
  const { inputs, outputs } = operandsOf(graph, node)
  return { ...generalFacts(graph, node), ...opOf(node).facts(node.attrs, inputs, outputs) }
}
