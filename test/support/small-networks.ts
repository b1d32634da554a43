/** Small int8 networks with weights from a seeded generator, for figures that a compiler gave on the very same files. */
import type { Graph, Node, Quant, Tensor } from '../../src/graph/ir/graph.ts'
import { bits, key } from '../../src/graph/math/random.ts'
import { opOf } from '../../src/graph/ops/registry.ts'

const quant = (scale: number, zero: number): Quant => ({ scale: [scale], zero: [zero], axis: 0 })
const unit = quant(1 / 256, -128)
const plain = quant(0.05, -3)

type ConvOptions = { readonly stride?: number; readonly act?: string; readonly padding?: string }

/** Adds tensors and nodes; each method gives the tensor that it makes. */
export class Net {
  readonly tensors: Tensor[] = []
  readonly nodes: Node[] = []
  readonly #stream = key(7, 'weights')
  #draws = 0

  input(shape: readonly number[]): number {
    return this.#tensor({ name: 'input', shape, dtype: 'int8', quant: plain })
  }

  graph(output: number): Graph<'quantised'> {
    const { tensors, nodes } = this
    return { phase: 'quantised', name: 'network', tensors, nodes, inputs: [0], outputs: [output], metadata: {} }
  }

  conv(
    x: number,
    channels: number,
    k: number | readonly [number, number] = 3,
    { stride = 1, act = 'relu', padding = 'same' }: ConvOptions = {},
  ): number {
    const [n, h, w, depth] = this.#image(x)
    const [kh, kw] = typeof k === 'number' ? [k, k] : k
    const shape = [n, extent(h, kh, stride, padding), extent(w, kw, stride, padding), channels]
    const attrs = { strideH: stride, strideW: stride, padding, fusedActivation: act }
    return this.node('conv-2d', attrs, [x, this.#weights([channels, kh, kw, depth], 0), this.#bias(channels)], shape)
  }

  depthwise(x: number, k = 3, { stride = 1, act = 'relu', padding = 'same' }: ConvOptions = {}): number {
    const [n, h, w, depth] = this.#image(x)
    const attrs = { strideH: stride, strideW: stride, padding, fusedActivation: act, depthMultiplier: 1 }
    const shape = [n, extent(h, k, stride, padding), extent(w, k, stride, padding), depth]
    return this.node('depthwise-conv-2d', attrs, [x, this.#weights([1, k, k, depth], 3), this.#bias(depth)], shape)
  }

  transposed(x: number, channels: number, k: number): number {
    const [n, h, w, depth] = this.#image(x)
    const shape = [n, 2 * h, 2 * w, channels]
    const inputs = [this.#ints(shape), this.#weights([channels, k, k, depth], 0), x, this.#bias(channels)]
    return this.node('transpose-conv', { strideH: 2, strideW: 2, padding: 'same' }, inputs, shape)
  }

  dense(x: number, channels: number): number {
    const [rows, depth] = this.#shape(x) as [number, number]
    return this.node('fully-connected', {}, [x, this.#weights([channels, depth], 0), this.#bias(channels)], [rows, channels])
  }

  /** Halves height and width. */
  pool(op: string, x: number): number {
    const [n, h, w, depth] = this.#image(x)
    return this.node(op, { filterH: 2, filterW: 2, strideH: 2, strideW: 2, padding: 'valid' }, [x], [n, h / 2, w / 2, depth])
  }

  /** The mean of each channel. */
  mean(x: number): number {
    const [n, , , depth] = this.#image(x)
    return this.node('mean', { keepDims: true }, [x, this.#ints([1, 2])], [n, 1, 1, depth])
  }

  /** One row and column of zeros below and to the right. */
  pad(x: number): number {
    const [n, h, w, depth] = this.#image(x)
    return this.node('pad', {}, [x, this.#ints([0, 0, 0, 1, 0, 1, 0, 0], [4, 2])], [n, h + 1, w + 1, depth], plain)
  }

  resize(op: string, x: number, factor: number): number {
    const [n, h, w, depth] = this.#image(x)
    return this.node(op, {}, [x, this.#ints([h * factor, w * factor])], [n, h * factor, w * factor, depth], plain)
  }

  flatten(x: number): number {
    const shape = [1, this.#shape(x).reduce((a, b) => a * b, 1)]
    return this.node('reshape', { newShape: shape }, [x, this.#ints(shape)], shape, this.tensors[x]!.quant!)
  }

  softmax(x: number): number {
    return this.node('softmax', { beta: 1 }, [x], this.#shape(x), unit)
  }

  gate(x: number): number {
    return this.node('logistic', {}, [x], this.#shape(x), unit)
  }

  swish(x: number): number {
    return this.node('hard-swish', {}, [x], this.#shape(x), quant(0.04, -10))
  }

  /** Of two maps, in the shape of the first. */
  both(op: string, a: number, b: number, attrs: object = {}): number {
    return this.node(op, attrs, [a, b], this.#shape(a), quant(0.06, 2))
  }

  join(parts: readonly number[]): number {
    const depth = parts.reduce((sum, part) => sum + this.#image(part)[3], 0)
    return this.node('concatenation', { axis: 3 }, parts, [...this.#shape(parts[0]!).slice(0, 3), depth])
  }

  node(op: string, attrs: object, inputs: readonly number[], shape: readonly number[], q = plain): number {
    const known = Object.entries(opOf({ op }).attrs as Record<string, { default: unknown }>)
    const output = this.#tensor({ name: `${op}-${this.nodes.length}`, shape, dtype: 'int8', quant: q })
    this.nodes.push({ op, attrs: { ...Object.fromEntries(known.map(([k, f]) => [k, f.default])), ...attrs }, inputs, outputs: [output] })
    return output
  }

  #tensor(tensor: Tensor): number {
    return this.tensors.push(tensor) - 1
  }

  #shape = (x: number) => this.tensors[x]!.shape
  #image = (x: number) => this.#shape(x) as readonly [number, number, number, number]

  /** About normal, with a deviation of 20. */
  #weights(shape: readonly number[], axis: number): number {
    const channels = shape[axis]!
    const draw = () => {
      let sum = 0
      for (let i = 0; i < 4; i++) sum += bits(this.#stream, this.#draws++) / 2 ** 32
      return Math.max(-127, Math.min(127, Math.round((sum - 2) * 34)))
    }
    const data = Int8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, draw)
    const scales = { scale: new Array<number>(channels).fill(0.004), zero: new Array<number>(channels).fill(0), axis }
    return this.#tensor({ name: `weights-${this.tensors.length}`, shape, dtype: 'int8', quant: scales, data })
  }

  #bias(channels: number): number {
    const scales = { scale: new Array<number>(channels).fill(0.0002), zero: new Array<number>(channels).fill(0), axis: 0 }
    const data = new Int32Array(channels)
    return this.#tensor({ name: `bias-${this.tensors.length}`, shape: [channels], dtype: 'int32', quant: scales, data })
  }

  #ints(values: readonly number[], shape: readonly number[] = [values.length]): number {
    return this.#tensor({ name: `ints-${this.tensors.length}`, shape, dtype: 'int32', data: Int32Array.from(values) })
  }
}

const extent = (size: number, kernel: number, stride: number, padding: string): number =>
  padding === 'same' ? Math.ceil(size / stride) : Math.floor((size - kernel) / stride) + 1

const small = (side: number): [Net, number] => {
  const net = new Net()
  return [net, net.input([1, side, side, 3])]
}

const head = (net: Net, x: number, classes: number) => net.graph(net.softmax(net.dense(net.flatten(net.mean(x)), classes)))

export const networks: Readonly<Record<string, () => Graph<'quantised'>>> = {
  'depthwise separable, padded before strides': () => {
    const [net, image] = small(48)
    let x = net.conv(net.pad(image), 16, 3, { stride: 2, padding: 'valid', act: 'relu6' })
    for (const channels of [24, 40, 72]) x = net.conv(net.depthwise(net.pad(x), 3, { stride: 2, padding: 'valid' }), channels, 1)
    return head(net, x, 10)
  },
  'inverted residuals': () => {
    const [net, image] = small(48)
    let x = net.conv(image, 16, 3, { stride: 2 })
    for (const stride of [2, 1]) {
      const y = net.conv(net.depthwise(net.conv(x, 96, 1, { act: 'relu6' }), 3, { stride, act: 'relu6' }), 24, 1, { act: 'none' })
      x = stride === 1 ? net.both('add', x, y) : y
    }
    return head(net, x, 43)
  },
  'squeeze and excite, swish': () => {
    const [net, image] = small(32)
    const x = net.swish(net.depthwise(net.swish(net.conv(image, 24, 3, { stride: 2, act: 'none' })), 5, { act: 'none' }))
    const gate = net.gate(net.conv(net.conv(net.mean(x), 8, 1), 24, 1, { act: 'none' }))
    return head(net, net.conv(net.both('mul', x, gate), 32, 1), 10)
  },
  'residuals, the shortcut last': () => {
    const [net, image] = small(32)
    let x = net.conv(image, 16)
    for (const channels of [16, 32]) {
      const stride = channels / 16
      const y = net.conv(net.conv(x, channels, 3, { stride }), channels, 3, { act: 'none' })
      const shortcut = stride === 1 ? x : net.conv(x, channels, 1, { stride, act: 'none' })
      x = net.both('add', y, shortcut, { fusedActivation: 'relu' })
    }
    return head(net, x, 43)
  },
  'branches joined, of few channels too': () => {
    const [net, image] = small(16)
    const x = net.conv(image, 16)
    const parts = [net.conv(x, 8, 1), net.conv(net.conv(x, 8, 1), 16), net.conv(net.conv(x, 4, 1), 8, 5)]
    return head(net, net.join([...parts, net.conv(net.pool('max-pool-2d', net.resize('resize-nearest-neighbor', x, 2)), 8, 1)]), 10)
  },
  'segmentation: down, up, and what was seen before': () => {
    const [net, image] = small(32)
    const fine = net.conv(image, 16)
    const coarse = net.conv(net.pool('max-pool-2d', fine), 32, [3, 1])
    const x = net.conv(net.join([net.transposed(coarse, 16, 2), fine]), 8)
    return net.graph(net.resize('resize-bilinear', net.conv(x, 8, 1, { act: 'none' }), 2))
  },
  'maps larger than fast memory': () => {
    const [net, image] = small(128)
    const wide = net.conv(net.depthwise(net.conv(image, 40, 3, { act: 'relu6' })), 48, 1)
    let x = net.conv(wide, 32, 3, { stride: 2 })
    x = net.both('add', net.conv(net.conv(x, 64, 1), 32, 3, { act: 'none' }), x, { fusedActivation: 'relu' })
    return head(net, net.conv(net.pool('max-pool-2d', x), 64), 10)
  },
}
