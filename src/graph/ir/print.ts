/** A graph as lines for a person: one a node, in running order. */
import { bytesPerElement, type Graph, size, type Tensor } from './graph.ts'

const form = ({ dtype, shape }: Tensor): string => `${dtype}[${shape.join(',')}]`

/** Scale and zero point, shortened where there is one for each channel. */
export function printQuant({ quant }: Tensor): string {
  if (!quant) return ''
  const [scale, zero] = [quant.scale[0]!.toPrecision(6), quant.zero[0]]
  return quant.scale.length > 1
    ? ` ×${quant.scale.length} along ${quant.axis}`
    : ` ${scale}·(q ${zero! < 0 ? '+' : '-'} ${Math.abs(zero!)})`
}

const value = (v: unknown): string => (typeof v === 'number' ? String(Number(v.toPrecision(6))) : Array.isArray(v) ? `[${v}]` : String(v))

/** Lines that name each input, node and output with shapes, types, attributes and quantisation. */
export function printGraph(graph: Graph): string[] {
  const { tensors } = graph
  const name = (t: number): string => (t < 0 ? '-' : tensors[t]!.data ? `${tensors[t]!.name}:${form(tensors[t]!)}` : tensors[t]!.name)
  const edge = (t: number): string => `${tensors[t]!.name} ${form(tensors[t]!)}${printQuant(tensors[t]!)}`
  const constants = tensors.filter((t) => t.data)
  const bytes = constants.reduce((sum, t) => sum + size(t.shape) * bytesPerElement(t.dtype), 0)
  return [
    `${graph.name} (${graph.phase}): ${graph.nodes.length} nodes, ${constants.length} constants of ${bytes} bytes`,
    ...graph.inputs.map((t) => `  in   ${edge(t)}`),
    ...graph.nodes.map(({ op, attrs, inputs, outputs }, n) => {
      const said = Object.entries(attrs).map(([k, v]) => `${k}=${value(v)}`)
      return `  ${String(n).padStart(4)} ${outputs.map(edge).join(', ')} = ${op}(${inputs.map(name).join(', ')})${said.length ? ` ${said.join(' ')}` : ''}`
    }),
    ...graph.outputs.map((t) => `  out  ${edge(t)}`),
  ]
}
