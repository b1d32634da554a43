/** Strides, dilation and padding of a windowed node; explicit padding becomes a node of its own. */
import { pad } from '../../graph/ops/pad.ts'
import type { Growth } from '../grow.ts'
import { type GraphNode, refusal } from './define.ts'
import { channelsLast } from './operands.ts'

/** Returns the tensor that the window reads, and the window's attributes. */
export function windowOf(node: GraphNode, x: number, graph: Growth) {
  channelsLast(node)
  const [strideH, strideW] = pairOf(node, 'strides')
  const [dilationH, dilationW] = pairOf(node, 'dilations')
  const padding = node.attrs.text('padding', 'VALID')
  const word = padding === 'SAME' ? ('same' as const) : ('valid' as const)
  const made = { steps: { padding: word, strideH, strideW }, dilation: { dilationH, dilationW } }
  if (padding !== 'EXPLICIT') return { ...made, x }
  const widths = node.attrs.numbers('explicit_paddings')
  if (widths.length !== 8) throw refusal(node, `its paddings are [${widths}]`, 'give each side of each axis')
  const by = graph.constant(`${node.name}/paddings`, [4, 2], () => Int32Array.from(widths), 'int32')
  return { ...made, x: graph.add(pad, {}, [x, by], `${node.name}/pad`) }
}

/** The rows' and the columns' number of [batch, rows, columns, channels]. */
export function pairOf(node: GraphNode, name: string): readonly [number, number] {
  const list = node.attrs.numbers(name)
  if (!list.length) return [1, 1]
  if (list.length !== 4 || list[0] !== 1 || list[3] !== 1 || list.some((n) => !Number.isInteger(n) || n < 1))
    throw refusal(node, `its ${name} are [${list}]`, 'steps are taken along rows and columns only')
  return [list[1]!, list[2]!]
}
