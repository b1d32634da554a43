/** The contract of a vendor's compiler: an int8 file goes in; the compiled file, its cycles, and what it left to the CPU come out. */
import type { Compiled } from '../define.ts'
import type { Target } from '../profiles/schema.ts'

/** Where a compiler stands on this machine. */
export type Found = {
  /** The command line up to the options: the program, or a Python and a module. */
  readonly command: readonly [program: string, ...first: string[]]
  /** As the compiler says it. */
  readonly version: string
}

export type Lack = {
  /** Such as `vela is not installed`. */
  readonly what: string
  readonly hint: string
}

export type FindOptions = {
  /** Its program, or a Python that has it; by default the compiler is looked for. */
  readonly program?: string
  readonly timeoutMs?: number
}

export type CompileOptions = { readonly timeoutMs: number; readonly signal?: AbortSignal }

export type Compilation = {
  readonly result: Compiled
  /** The file that the machine takes. */
  readonly bytes: Uint8Array
}

/** A vendor's compiler: one file each, one line in `index.ts`. */
export type Compiler = {
  /** As a target's profile names it. */
  readonly name: string
  readonly says: string
  /** How to get it, one sentence. */
  readonly hint: string
  find(options?: FindOptions): Promise<Found | Lack>
  /**
   * Throws DeviceError `compiler-timeout`, `compiler-failed` or `compiler-unknown-output`, and UserError `no-compiler-name` where the
   * profile does not say what the compiler calls the machine.
   */
  compile(found: Found, model: Uint8Array, target: Target, options: CompileOptions): Promise<Compilation>
}

export const isFound = (found: Found | Lack): found is Found => 'version' in found
