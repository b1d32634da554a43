/** Grows an imported graph node by node, for the readers of float models. */
import { UserError } from '../errors.ts'
import type { Data, DType, Graph, Node, Shape, Tensor } from '../graph/ir/graph.ts'
import { type AttrsOf, type Fields, nodeOf, type OpDef } from '../graph/ops/define.ts'

export class Growth {
  readonly tensors: Tensor[] = []
  readonly #nodes: Node[] = []
  readonly #inputs: number[] = []
  /** The names that are taken, each with the number from which the next of its like is sought. */
  readonly #names = new Map<string, number>()
  readonly #constants = new Map<string, number>()

  #tensor(tensor: Tensor): number {
    let [name, i] = [tensor.name, this.#names.get(tensor.name) ?? 0]
    while (this.#names.has(name)) name = `${tensor.name}_${++i}`
    this.#names.set(name, 0).set(tensor.name, i)
    return this.tensors.push({ ...tensor, name }) - 1
  }

  shape(tensor: number): Shape {
    return this.tensors[tensor]!.shape
  }

  input(name: string, shape: Shape): number {
    const at = this.#tensor({ name, shape, dtype: 'float32' })
    this.#inputs.push(at)
    return at
  }

  /** The constant of this name, made at its first use: a layer that runs twice shares its weights. */
  constant(name: string, shape: Shape, data: () => Data, dtype: DType = 'float32'): number {
    const known = this.#constants.get(name)
    if (known !== undefined) return known
    const at = this.#tensor({ name, shape, dtype, data: data() })
    this.#constants.set(name, at)
    return at
  }

  /** Adds an operator and its one output, whose shape the room infers. Throws UserError `shapes-do-not-fit`. */
  add<F extends Fields>(def: OpDef<F>, attrs: Partial<AttrsOf<F>>, inputs: readonly number[], name: string): number {
    const node = nodeOf(def, attrs, inputs, [this.tensors.length])
    try {
      const [shape] = def.infer(
        node.attrs as AttrsOf<F>,
        inputs.map((t) => this.tensors[t]!),
      )
      this.#tensor({ name, shape: shape!, dtype: 'float32' })
    } catch (cause) {
      throw new UserError('shapes-do-not-fit', `${def.name} at ${name} cannot be: ${(cause as Error).message}`, { cause })
    }
    this.#nodes.push(node)
    return node.outputs[0]!
  }

  finish(name: string, outputs: readonly number[], metadata: Readonly<Record<string, string>>): Graph<'imported'> {
    return { phase: 'imported', name, tensors: this.tensors, nodes: this.#nodes, inputs: this.#inputs, outputs, metadata }
  }
}
