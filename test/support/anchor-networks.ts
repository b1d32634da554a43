/** Networks whose latencies vendors have published, as graphs of shapes without weights: what the engines' free parameter is fitted to. */
import type { Graph, Node, Tensor } from '../../src/graph/ir/graph.ts'
import { attrsWith } from '../../src/graph/ops/define.ts'
import { opOf } from '../../src/graph/ops/registry.ts'

const quant = { scale: [0.05], zero: [0], axis: 0 }

/** Lays layers one after the other; each method takes a tensor and answers with the one it made. */
class Sketch {
  readonly tensors: Tensor[] = []
  readonly nodes: Node[] = []
  readonly name: string

  constructor(name: string, size: number) {
    this.name = name
    this.#map([1, size, size, 3])
  }

  #map(shape: readonly number[], dtype: 'int8' | 'int32' = 'int8'): number {
    return this.tensors.push({ name: `t${this.tensors.length}`, shape, dtype, quant }) - 1
  }

  #node(op: string, attrs: object, inputs: readonly number[]): number {
    const def = opOf({ op })
    const full = attrsWith(def, attrs as never)
    const [shape] = def.infer(full, inputs.map((t) => this.tensors[t]!) as never)
    const output = this.#map(shape!)
    this.nodes.push({ op, attrs: full, inputs, outputs: [output] })
    return output
  }

  shape = (t: number) => this.tensors[t]!.shape

  conv(x: number, channels: number, [h, w]: readonly [number, number], stride = 1, padding = 'same'): number {
    const weights = this.#map([channels, h, w, this.shape(x)[3]!])
    return this.#node('conv-2d', { strideH: stride, strideW: stride, padding }, [x, weights, this.#map([channels], 'int32')])
  }

  depthwise(x: number, stride = 1): number {
    const channels = this.shape(x)[3]!
    const weights = this.#map([1, 3, 3, channels])
    return this.#node('depthwise-conv-2d', { strideH: stride, strideW: stride }, [x, weights, this.#map([channels], 'int32')])
  }

  pool(x: number, kind: 'max' | 'average', size: number, stride: number, padding = 'same'): number {
    return this.#node(`${kind}-pool-2d`, { filterH: size, filterW: size, strideH: stride, strideW: stride, padding }, [x])
  }

  add = (a: number, b: number): number => this.#node('add', {}, [a, b])
  join = (...parts: number[]): number => this.#node('concatenation', { axis: 3 }, parts)

  /** A global pool and a dense layer of 1,000 classes. */
  finish(x: number): Graph<'quantised'> {
    const pooled = this.pool(x, 'average', this.shape(x)[1]!, 1, 'valid')
    const out = this.conv(pooled, 1000, [1, 1])
    return { phase: 'quantised', name: this.name, tensors: this.tensors, nodes: this.nodes, inputs: [0], outputs: [out], metadata: {} }
  }
}

const three = [3, 3] as const
const one = [1, 1] as const

/** MobileNet v1 (arXiv 1704.04861, table 1). */
export function mobilenetV1(size = 224): Graph<'quantised'> {
  const s = new Sketch(`MobileNetV1 ${size}`, size)
  let x = s.conv(0, 32, three, 2)
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
  ]
  for (const [channels, stride] of blocks) x = s.conv(s.depthwise(x, stride), channels!, one)
  return s.finish(x)
}

/** Widths are rounded to 8, never below nine tenths. */
function rounded(channels: number): number {
  const near = Math.max(8, Math.floor((channels + 4) / 8) * 8)
  return near < 0.9 * channels ? near + 8 : near
}

/** MobileNet v2 (arXiv 1801.04381, table 2), at a width. */
export function mobilenetV2(size = 224, width = 1): Graph<'quantised'> {
  const s = new Sketch(`MobileNetV2 ${width} ${size}`, size)
  let x = s.conv(0, rounded(32 * width), three, 2)
  const stages = [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ] as const
  for (const [expand, channels, times, first] of stages)
    for (let i = 0; i < times; i++) {
      const [from, stride, to] = [x, i === 0 ? first : 1, rounded(channels * width)]
      const wide = expand === 1 ? from : s.conv(from, expand * s.shape(from)[3]!, one)
      const narrow = s.conv(s.depthwise(wide, stride), to, one)
      x = stride === 1 && s.shape(from)[3] === to ? s.add(from, narrow) : narrow
    }
  return s.finish(s.conv(x, Math.max(1280, rounded(1280 * width)), one))
}

/** Inception v1, GoogLeNet (arXiv 1409.4842, table 1). */
export function inceptionV1(): Graph<'quantised'> {
  const s = new Sketch('InceptionV1 224', 224)
  let x = s.pool(s.conv(0, 64, [7, 7], 2), 'max', 3, 2)
  x = s.pool(s.conv(s.conv(x, 64, one), 192, three), 'max', 3, 2)
  const blocks = [
    [64, 96, 128, 16, 32, 32],
    [128, 128, 192, 32, 96, 64],
    [],
    [192, 96, 208, 16, 48, 64],
    [160, 112, 224, 24, 64, 64],
    [128, 128, 256, 24, 64, 64],
    [112, 144, 288, 32, 64, 64],
    [256, 160, 320, 32, 128, 128],
    [],
    [256, 160, 320, 32, 128, 128],
    [384, 192, 384, 48, 128, 128],
  ]
  for (const [a, b, c, d, e, f] of blocks)
    x =
      a === undefined
        ? s.pool(x, 'max', 3, 2)
        : s.join(
            s.conv(x, a, one),
            s.conv(s.conv(x, b!, one), c!, three),
            s.conv(s.conv(x, d!, one), e!, three),
            s.conv(s.pool(x, 'max', 3, 1), f!, one),
          )
  return s.finish(x)
}

/** Inception v4 (arXiv 1602.07261, figures 3 to 9). */
export function inceptionV4(): Graph<'quantised'> {
  const s = new Sketch('InceptionV4 299', 299)
  const chain = (x: number, ...layers: readonly (readonly [number, number, number, number?, string?])[]) =>
    layers.reduce((at, [channels, h, w, stride, padding]) => s.conv(at, channels, [h, w], stride, padding), x)
  let x = chain(0, [32, 3, 3, 2, 'valid'], [32, 3, 3, 1, 'valid'], [64, 3, 3])
  x = s.join(s.pool(x, 'max', 3, 2, 'valid'), chain(x, [96, 3, 3, 2, 'valid']))
  x = s.join(chain(x, [64, 1, 1], [96, 3, 3, 1, 'valid']), chain(x, [64, 1, 1], [64, 7, 1], [64, 1, 7], [96, 3, 3, 1, 'valid']))
  x = s.join(chain(x, [192, 3, 3, 2, 'valid']), s.pool(x, 'max', 3, 2, 'valid'))
  const average = (at: number, channels: number) => s.conv(s.pool(at, 'average', 3, 1), channels, one)
  for (let i = 0; i < 4; i++)
    x = s.join(average(x, 96), chain(x, [96, 1, 1]), chain(x, [64, 1, 1], [96, 3, 3]), chain(x, [64, 1, 1], [96, 3, 3], [96, 3, 3]))
  x = s.join(
    s.pool(x, 'max', 3, 2, 'valid'),
    chain(x, [384, 3, 3, 2, 'valid']),
    chain(x, [192, 1, 1], [224, 3, 3], [256, 3, 3, 2, 'valid']),
  )
  for (let i = 0; i < 7; i++)
    x = s.join(
      average(x, 128),
      chain(x, [384, 1, 1]),
      chain(x, [192, 1, 1], [224, 1, 7], [256, 7, 1]),
      chain(x, [192, 1, 1], [192, 1, 7], [224, 7, 1], [224, 1, 7], [256, 7, 1]),
    )
  x = s.join(
    s.pool(x, 'max', 3, 2, 'valid'),
    chain(x, [192, 1, 1], [192, 3, 3, 2, 'valid']),
    chain(x, [256, 1, 1], [256, 1, 7], [320, 7, 1], [320, 3, 3, 2, 'valid']),
  )
  for (let i = 0; i < 3; i++) {
    const [middle, long] = [chain(x, [384, 1, 1]), chain(x, [384, 1, 1], [448, 1, 3], [512, 3, 1])]
    x = s.join(
      average(x, 256),
      chain(x, [256, 1, 1]),
      chain(middle, [256, 1, 3]),
      chain(middle, [256, 3, 1]),
      chain(long, [256, 3, 1]),
      chain(long, [256, 1, 3]),
    )
  }
  return s.finish(x)
}
