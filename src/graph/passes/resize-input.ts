/** The same network for another size of image: every shape is inferred anew, and what states a size in a constant states the new one. */
import { UserError } from '../../errors.ts'
import { compact } from '../ir/edit.ts'
import { type Graph, type Node, type Phase, type Shape, size, type Tensor } from '../ir/graph.ts'
import { placeOf } from '../ir/walk.ts'
import { averagePool2d } from '../ops/average-pool-2d.ts'
import { is, type Operand } from '../ops/define.ts'
import { fullyConnected } from '../ops/fully-connected.ts'
import { maxPool2d } from '../ops/max-pool-2d.ts'
import { opOf } from '../ops/registry.ts'
import { reshape } from '../ops/reshape.ts'
import { resizeBilinear } from '../ops/resize-bilinear.ts'
import { resizeNearestNeighbor } from '../ops/resize-nearest-neighbor.ts'
import { slice } from '../ops/slice.ts'
import { stridedSlice } from '../ops/strided-slice.ts'
import { transposeConv } from '../ops/transpose-conv.ts'

/** A node in its new surroundings: the shapes of its inputs and of its output as they were, and as they are now. */
type Moved = { readonly node: Node; readonly was: readonly Shape[]; readonly now: readonly Shape[]; readonly out: Shape }

/** What changes of a node: attributes, or the values of a constant operand. */
type Change = { readonly attrs?: object; readonly constant?: { readonly input: number; readonly values: readonly number[] } }

/**
 * The graph for images of `height` x `width`. Pools over the whole image go on doing so, reshapes keep their channels, enlargements their factor,
 * slices their distance to the end. Throws UserError `cannot-resize`: the input is no image, or a layer, such as a dense one over
 * flattened pixels, works for one size only.
 */
export function resizeInput<P extends Phase>(graph: Graph<P>, height: number, width: number): Graph<P> {
  const input = graph.tensors[graph.inputs[0] ?? -1]
  if (graph.inputs.length !== 1 || input?.shape.length !== 4)
    throw new UserError('cannot-resize', 'only a network with one image as its input can change its size', {
      found: graph.inputs.map((t) => `[${graph.tensors[t]!.shape}]`).join(', '),
      expected: 'one input of the shape [N, H, W, C]',
    })
  const tensors: Tensor[] = [...graph.tensors]
  tensors[graph.inputs[0]!] = { ...input, shape: [input.shape[0]!, height, width, input.shape[3]!] }
  const shapesOf = (from: readonly Tensor[], ids: readonly number[]) => ids.map((t) => from[t]?.shape ?? [])
  const nodes = graph.nodes.map((node, n): Node => {
    const moved = {
      node,
      was: shapesOf(graph.tensors, node.inputs),
      now: shapesOf(tensors, node.inputs),
      out: graph.tensors[node.outputs[0]!]!.shape,
    }
    const { attrs, constant } = changeOf(moved, graph.tensors)
    const inputs = [...node.inputs]
    if (constant) {
      const old = tensors[inputs[constant.input]!]!
      inputs[constant.input] = tensors.push({ ...old, name: `${old.name}/${n}`, data: Int32Array.from(constant.values) }) - 1
    }
    const next: Node = { ...node, inputs, attrs: { ...node.attrs, ...attrs } }
    const operands = inputs.map((t) => tensors[t]) as Operand[]
    const shapes = inferred(next, operands, moved.was[0] ?? [], `${node.op} (${placeOf(graph, n)})`, [height, width])
    for (const [i, t] of node.outputs.entries()) tensors[t] = { ...tensors[t]!, shape: shapes[i]! }
    return next
  })
  return compact({ ...graph, tensors, nodes })
}

function inferred(
  node: Node,
  operands: readonly Operand[],
  was: Shape,
  place: string,
  [height, width]: readonly [number, number],
): Shape[] {
  try {
    if (is(node, fullyConnected)) checkRows(operands, was)
    return opOf(node).infer(node.attrs, operands)
  } catch (cause) {
    throw new UserError('cannot-resize', `the network cannot take images of ${height} x ${width}: ${place}: ${(cause as Error).message}`, {
      found: `${height} x ${width}`,
      hint: 'Pool over the whole image before the first dense layer; then it takes every size.',
      cause,
    })
  }
}

/** A dense layer would take twice as many pixels for a batch of two. */
function checkRows([x, weights]: readonly Operand[], was: Shape): void {
  const depth = size(weights!.shape.slice(1))
  if (x!.shape.at(-1) !== depth && size(x!.shape) !== size(was))
    throw new Error(`its weights read ${depth} values, its input now holds ${size(x!.shape)}`)
}

function changeOf(moved: Moved, tensors: readonly Tensor[]): Change {
  const { node, was, now, out } = moved
  const values = (i: number) => [...((tensors[node.inputs[i] ?? -1]?.data ?? []) as Int32Array)]
  const [x, y] = [was[0] ?? [], now[0] ?? []]
  if (is(node, averagePool2d) || is(node, maxPool2d)) {
    const { filterH, filterW, strideH, strideW } = node.attrs
    if (filterH !== x[1] || filterW !== x[2]) return {}
    // A stride as long as the window goes with it.
    const step = (stride: number, filter: number, extent: number) => (stride === filter ? extent : stride)
    return { attrs: { filterH: y[1], filterW: y[2], strideH: step(strideH, filterH, y[1]!), strideW: step(strideW, filterW, y[2]!) } }
  }
  if (is(node, reshape)) {
    const shape = reshaped(out, size(y))
    return node.inputs.length > 1 ? { constant: { input: 1, values: shape } } : { attrs: { newShape: shape } }
  }
  if (is(node, resizeBilinear) || is(node, resizeNearestNeighbor))
    return { constant: { input: 1, values: [1, 2].map((axis) => Math.round((out[axis]! / x[axis]!) * y[axis]!)) } }
  if (is(node, transposeConv))
    return {
      constant: {
        input: 0,
        values: out.map((extent, axis) => (axis === 1 || axis === 2 ? Math.round((extent / was[2]![axis]!) * now[2]![axis]!) : extent)),
      },
    }
  if (is(node, stridedSlice))
    return {
      constant: {
        input: 2,
        values: values(2).map((end, axis) => (end > 0 && (x[axis] ?? 0) !== y[axis] ? end + y[axis]! - x[axis]! : end)),
      },
    }
  if (is(node, slice))
    return {
      constant: {
        input: 2,
        values: values(2).map((extent, axis) => (extent > 0 && x[axis] !== y[axis] ? extent + y[axis]! - x[axis]! : extent)),
      },
    }
  return {}
}

/** The shape with as many elements: of three axes and more the last, the channels, stays; the longest of the others gives. */
function reshaped(shape: Shape, elements: number): Shape {
  if (size(shape) === elements) return shape
  const free = shape.length > 2 ? shape.slice(0, -1) : shape
  const axis = free.indexOf(Math.max(...free))
  const rest = size(shape) / shape[axis]!
  return elements % rest === 0 ? shape.with(axis, elements / rest) : shape
}
