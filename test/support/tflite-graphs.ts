/** Small quantised graphs for tests of model files: one for each example of each room, and random chains of them. */
import { allocate, type DType, type Graph, type Node, type Quant, type Shape, size, type Tensor } from '../../src/graph/ir/graph.ts'
import { bits, key, uniform } from '../../src/graph/math/random.ts'
import { type AnyOp, attrsWith, type Example, type Field, type Role, roleOfInput, roleOfOutput } from '../../src/graph/ops/define.ts'
import { opOf, ops } from '../../src/graph/ops/registry.ts'

/** Rooms that a quantised file can hold. */
export const writable = [...ops.values()].filter((op) => op.tflite)

/** A stream of draws with a memory of where it stands. */
export class Draws {
  readonly #key: number
  #at = 0
  constructor(seed: number, stream = 0) {
    this.#key = key(seed, 'test', stream)
  }
  /** A whole number in 0 … below - 1. */
  below = (below: number): number => Math.floor(uniform(this.#key, this.#at++) * below)
  bits = (): number => bits(this.#key, this.#at++)
  scale = (): number => Math.fround(2 ** (-9 + 8 * uniform(this.#key, this.#at++)))
  pick = <T>(list: readonly T[]): T => list[this.below(list.length)]!
}

const activationQuant = (draws: Draws): Quant => ({ scale: [draws.scale()], zero: [draws.below(256) - 128], axis: 0 })

/** Constant elements over the whole range of the type, weights without -128. */
function filled(draws: Draws, dtype: DType, shape: Shape): NonNullable<Tensor['data']> {
  const data = allocate(dtype, size(shape))
  const [low, span] = dtype === 'int8' ? [-127, 255] : [-(2 ** 15), 2 ** 16]
  for (let i = 0; i < data.length; i++) data[i] = low + draws.below(span)
  return data
}

/** What an operand of a role is in an int8 file: weights and biases are constant, activations are not. */
function operand(draws: Draws, role: Role, shape: Shape, before: readonly Tensor[]): Omit<Tensor, 'name'> {
  if (role.role === 'index') return { shape, dtype: 'int32' }
  if (role.role === 'weight') {
    const count = role.axis < 0 ? 1 : shape[role.axis]!
    const scale = Array.from({ length: count }, () => draws.scale())
    const quant = { scale, zero: scale.map(() => 0), axis: Math.max(0, role.axis) }
    return { shape, dtype: 'int8', quant, data: filled(draws, 'int8', shape) }
  }
  if (role.role === 'bias') {
    const [x, w] = before.flatMap((t) => t.quant ?? [])
    const scale = w!.scale.map((s) => Math.fround(s * x!.scale[0]!))
    return { shape, dtype: 'int32', quant: { scale, zero: scale.map(() => 0), axis: 0 }, data: filled(draws, 'int32', shape) }
  }
  if (role.role === 'same') return { shape, dtype: 'int8', quant: before[role.as]!.quant! }
  if (role.role === 'fixed') return { shape, dtype: 'int8', quant: { scale: [role.scale], zero: [role.zero], axis: 0 } }
  return { shape, dtype: 'int8', quant: activationQuant(draws) }
}

/** Attributes as a file holds them: its numbers are float32. */
export const storable = (op: AnyOp, attrs: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(attrs).map(([name, value]) => [
      name,
      (op.attrs as Record<string, Field<unknown>>)[name]!.kind === 'f32' ? Math.fround(value as number) : value,
    ]),
  )

/** A graph of one node from a room's example. */
export function graphOfExample(op: AnyOp, example: Example, seed = 1): Graph<'quantised'> {
  const draws = new Draws(seed)
  const tensors: Tensor[] = []
  example.shapes.forEach((shape, i) => {
    const given = example.consts?.[i]
    const made = given
      ? { shape, dtype: 'int32' as const, data: Int32Array.from(given) }
      : operand(draws, roleOfInput(op, i), shape, tensors)
    tensors.push({ name: `x${i}`, ...made })
  })
  const attrs = storable(op, attrsWith(op, example.attrs))
  const ids = tensors.map((_, i) => i)
  const outputs = op.infer(attrs as never, tensors).map((shape, i) => {
    const made = { name: `y${i}`, ...operand(draws, roleOfOutput(op, i), shape, tensors) }
    return tensors.push(op.name === 'dequantize' ? { name: made.name, shape, dtype: 'float32' } : made) - 1
  })
  return {
    phase: 'quantised',
    name: 'main',
    tensors,
    nodes: [{ op: op.name, attrs, inputs: ids, outputs }],
    inputs: ids.filter((i) => !tensors[i]!.data),
    outputs,
    metadata: {},
  }
}

/** A random chain of int8 operators on an image, sometimes joined to an earlier tensor, with odd names and metadata. */
export function randomGraph(seed: number): Graph<'quantised'> {
  const draws = new Draws(seed, 1)
  const tensors: Tensor[] = [
    {
      name: draws.pick(['input', '', 'Bild/ä:0']),
      shape: [1, 4 + draws.below(5), 4 + draws.below(5), 1 + draws.below(6)],
      dtype: 'int8',
      quant: activationQuant(draws),
    },
  ]
  const nodes: Node[] = []
  const images = [0]
  const push = (tensor: Omit<Tensor, 'name'>) =>
    tensors.push({ name: draws.pick([`t${tensors.length}`, `层${tensors.length}`, '']), ...tensor }) - 1
  const add = (name: string, given: Record<string, unknown>, extra: (input: Tensor, draws: Draws) => Shape[], second?: number) => {
    const op = opOf({ op: name })
    const x = images.at(-1)!
    const inputs = second === undefined ? [x] : [x, second]
    for (const shape of extra(tensors[x]!, draws)) {
      inputs.push(
        push(
          operand(
            draws,
            roleOfInput(op, inputs.length),
            shape,
            inputs.map((t) => tensors[t]!),
          ),
        ),
      )
    }
    const attrs = storable(op, attrsWith(op, given))
    const operands = inputs.map((t) => tensors[t]!)
    const shape = op.infer(attrs as never, operands)[0]!
    const output = push(operand(draws, op.roles.out[0]!, shape, operands))
    nodes.push({ op: name, attrs, inputs, outputs: [output] })
    images.push(output)
  }
  for (let i = 1 + draws.below(6); i > 0; i--) {
    const stride = 1 + draws.below(2)
    const window = { padding: draws.pick(['same', 'valid']), strideH: stride, strideW: stride }
    const fusedActivation = draws.pick(['none', 'relu', 'relu6'])
    const spacious = tensors[images.at(-1)!]!.shape.slice(1, 3).every((n) => n >= 3)
    const square = spacious ? 1 + draws.below(3) : 1
    const twin = images.find((t) => t !== images.at(-1) && `${tensors[t]!.shape}` === `${tensors[images.at(-1)!]!.shape}`)
    const steps = [
      () => {
        const out = 2 + draws.below(4)
        add('conv-2d', { ...window, fusedActivation }, ({ shape }) => [[out, square, square, shape[3]!], [out]])
      },
      () =>
        add('depthwise-conv-2d', { ...window, depthMultiplier: 1, fusedActivation }, ({ shape }) => [
          [1, square, square, shape[3]!],
          [shape[3]!],
        ]),
      () => add('max-pool-2d', { ...window, filterW: square, filterH: square }, () => []),
      () => add('relu', {}, () => []),
      () => add('add', { fusedActivation }, () => [], twin ?? images.at(-1)!),
      () => add('logistic', {}, () => []),
    ]
    draws.pick(steps)()
  }
  const metadata = Object.fromEntries(
    draws.pick([
      [],
      [['peapod.preprocess', '{"scale":1}']],
      [
        ['a', ''],
        ['ключ', 'Straße\n'],
      ],
    ] as [string, string][][]),
  )
  return { phase: 'quantised', name: draws.pick(['main', '']), tensors, nodes, inputs: [0], outputs: [images.at(-1)!], metadata }
}
