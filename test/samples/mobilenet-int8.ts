/** An int8 MobileNet v1 with random weights, built by hand: a network of real shape for tests and benches that need no training. */
import type { Graph, Node, Quant, Shape, Tensor } from '../../src/graph/ir/graph.ts'
import { size } from '../../src/graph/ir/graph.ts'
import { key, uniform } from '../../src/graph/math/random.ts'
import { attrsWith } from '../../src/graph/ops/define.ts'
import { opOf } from '../../src/graph/ops/registry.ts'

/** Output channels at width 1 and stride of the 13 separable blocks (Howard et al. 2017, table 1). */
const blocks = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
] as const

export type MobileNetOptions = { readonly extent?: number; readonly width?: number; readonly classes?: number; readonly seed?: number }

/** 32 x 32 x 3 in, 12 logits out, stem stride 1, width 0.25 unless said otherwise. */
export function mobilenetInt8({ extent = 32, width = 0.25, classes = 12, seed = 1 }: MobileNetOptions = {}): Graph<'quantised'> {
  const tensors: Tensor[] = []
  const nodes: Node[] = []
  const tensor = (t: Tensor) => tensors.push(t) - 1
  const active = (scale: number, zero: number): Quant => ({ scale: [Math.fround(scale)], zero: [zero], axis: 0 })

  /** Weights as far apart as He's initialiser would have them, one scale a channel, and a small bias. */
  function weights(shape: Shape, axis: number, fanIn: number, inputScale: number): number[] {
    const stream = key(seed, 'test', tensors.length)
    const channels = axis < 0 ? 1 : shape[axis]!
    const scale = Array.from({ length: channels }, (_, c) => Math.fround((Math.sqrt(6 / fanIn) / 127) * (0.5 + uniform(stream, c))))
    const data = Int8Array.from({ length: size(shape) }, (_, i) => Math.round(uniform(stream, 1000 + i) * 254 - 127))
    const name = `weights${tensors.length}`
    const quant = { scale, zero: scale.map(() => 0), axis: Math.max(0, axis) }
    const w = tensor({ name, shape, dtype: 'int8', data, quant })
    const outputs = axis < 0 ? shape[0]! : channels
    const bias = Int32Array.from({ length: outputs }, (_, c) => Math.round(uniform(stream, 500_000_000 + c) * 2000 - 1000))
    const biasQuant = { scale: scale.map((s) => Math.fround(s * inputScale)), zero: scale.map(() => 0), axis: 0 }
    return [w, tensor({ name: `bias${w}`, shape: [outputs], dtype: 'int32', data: bias, quant: biasQuant })]
  }

  function node(op: string, given: Record<string, unknown>, inputs: number[], scale: number, zero: number): number {
    const def = opOf({ op })
    const attrs = attrsWith(def, given)
    const [shape] = def.infer(
      attrs,
      inputs.map((i) => tensors[i]!),
    )
    const y = tensor({ name: `${op}${nodes.length}`, shape: shape!, dtype: 'int8', quant: active(scale, zero) })
    nodes.push({ op, attrs, inputs, outputs: [y] })
    return y
  }

  const input = tensor({ name: 'image', shape: [1, extent, extent, 3], dtype: 'int8', quant: active(0.02, -3) })
  const relu6 = { fusedActivation: 'relu6', dilationH: 1, dilationW: 1 }
  let [at, scale] = [input, 0.02]
  const apply = (op: string, given: Record<string, unknown>, shape: Shape, axis: number, fanIn: number) => {
    const parts = weights(shape, axis, fanIn, scale)
    at = node(op, { ...relu6, ...given }, [at, ...parts], 6 / 255, -128)
    scale = 6 / 255
  }
  let channels = Math.round(32 * width)
  apply('conv-2d', { padding: 'same', strideH: 1, strideW: 1 }, [channels, 3, 3, 3], 0, 27)
  for (const [full, stride] of blocks) {
    const steps = { padding: 'same', strideH: stride, strideW: stride, depthMultiplier: 1 }
    apply('depthwise-conv-2d', steps, [1, 3, 3, channels], 3, 9)
    const out = Math.round(full * width)
    apply('conv-2d', { padding: 'same', strideH: 1, strideW: 1 }, [out, 1, 1, channels], 0, channels)
    channels = out
  }
  const axes = tensor({ name: 'axes', shape: [2], dtype: 'int32', data: Int32Array.of(1, 2) })
  at = node('mean', { keepDims: false }, [at, axes], 6 / 255, -128)
  const logits = node('fully-connected', {}, [at, ...weights([classes, channels], -1, channels, scale)], 0.1, 5)
  return { phase: 'quantised', name: 'mobilenet', tensors, nodes, inputs: [input], outputs: [logits], metadata: {} }
}
