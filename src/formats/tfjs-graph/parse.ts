/** Reads the nodes of a graph model: TensorFlow's GraphDef in the JSON of protocol buffers. */
import { UserError } from '../../errors.ts'
import type { GraphNode, NodeAttrs } from './define.ts'

type Json = Readonly<Record<string, any>>

const MOST_NODES = 20_000

/** Throws UserError `unreadable-model`. */
export function parseNodes(topology: unknown, file: string): ReadonlyMap<string, GraphNode> {
  const refuse = (why: string): UserError => new UserError('unreadable-model', `the graph in ${file} cannot be read: ${why}`)
  const list: unknown = (topology as Json | undefined)?.node
  if (!Array.isArray(list) || !list.length) throw refuse('it has no nodes')
  if (list.length > MOST_NODES) throw refuse(`it has more than ${MOST_NODES} nodes`)
  const nodes = new Map<string, GraphNode>()
  for (const { name, op, input = [], attr = {} } of list.map((node) => Object(node) as Json)) {
    if (typeof name !== 'string' || typeof op !== 'string' || !Array.isArray(input)) throw refuse('a node has no name, operator or inputs')
    if (nodes.has(name)) throw refuse(`two nodes are named ${name}`)
    const inputs = input.map(String).filter((from) => !from.startsWith('^'))
    const second = inputs.find((from) => /:[1-9]\d*$/.test(from))
    if (second)
      throw new UserError('unsupported-operator', `node ${name} (${op}) reads ${second}, and only first outputs are imported`, {
        found: second,
      })
    nodes.set(name, { name, op, inputs: inputs.map((from) => from.replace(/:0$/, '')), attrs: attrsOf(Object(attr)) })
  }
  return nodes
}

/** 64-bit numbers come as text, bytes in base64. */
const attrsOf = (attr: Json): NodeAttrs => ({
  text: (name, fallback) => decoded(attr[name]?.s) ?? fallback,
  number: (name, fallback) => Number(attr[name]?.i ?? attr[name]?.f ?? fallback),
  flag: (name, fallback) => Boolean(attr[name]?.b ?? fallback),
  numbers: (name) => listOf(attr[name]?.list?.i).map(Number),
  texts: (name) => listOf(attr[name]?.list?.s).flatMap((text) => decoded(text) ?? []),
  shape: (name) => {
    const { dim, unknownRank = false } = Object(attr[name]?.shape) as Json
    return unknownRank || !Array.isArray(dim) ? undefined : dim.map((extent) => Number(Object(extent).size ?? 0))
  },
})

const decoded = (text: unknown): string | undefined => (typeof text === 'string' ? Buffer.from(text, 'base64').toString('utf8') : undefined)
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
