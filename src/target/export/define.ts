/** What firmware takes: files of C and C++ by name, and what they are made of. */
import type { Preprocess } from '../../data/preprocess.ts'
import type { Data, Graph } from '../../graph/ir/graph.ts'
import type { Compilation } from '../compilers/define.ts'
import type { Target } from '../profiles/schema.ts'
import type { TflmArena } from './arena.ts'

export type Files = Readonly<Record<string, string>>

/** An input with what our executor answers. */
export type Vector = {
  /** One array for each input, and each output, of the network. */
  readonly inputs: readonly Data[]
  readonly outputs: readonly Data[]
  readonly label?: number
}

export type ExportInput = {
  /** Any text; it is made an identifier. */
  readonly name: string
  readonly graph: Graph<'quantised'>
  readonly target: Target
  /** The file of the graph, and its SHA-256 in hexadecimal. */
  readonly model: { readonly bytes: Uint8Array; readonly sha256: string }
  /** What the vendor's compiler made of it; then firmware takes that file. */
  readonly compiled?: Compilation & { readonly sha256: string }
  /** Why there is no compiled file, although the target's profile names a compiler. */
  readonly notCompiled?: string
  readonly preprocess?: Preprocess
  /** Class names in the order of the outputs. */
  readonly classes?: readonly string[]
  readonly vectors: readonly Vector[]
}

/** What the files have in common. */
export type Facts = ExportInput & {
  /** Beginning of every name and file. */
  readonly prefix: string
  /** The same in capitals, of macros. */
  readonly macro: string
  /** The file in the array. */
  readonly deployed: { readonly bytes: Uint8Array; readonly sha256: string }
  readonly arena: TflmArena
  /** Methods of TFLM's resolver, such as AddConv2D. */
  readonly methods: readonly string[]
}
