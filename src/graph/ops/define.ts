/** What an operator's room says: the words that quantise, tflite, check, simulate and execute understand. */
import type { Attrs, DType, Elements, Node, Phase, Shape, Tensor } from '../ir/graph.ts'

/** One attribute: its type, its slot in the op's TFLite options table, and the schema's default, which a file need not store. */
export type Field<T> = {
  readonly slot: number
  readonly kind: 'i32' | 'f32' | 'bool' | 'enum' | 'i32[]'
  readonly values?: readonly T[]
  readonly default: T
}
export const int = (slot: number, dflt = 0): Field<number> => ({ slot, kind: 'i32', default: dflt })
export const float = (slot: number, dflt = 0): Field<number> => ({ slot, kind: 'f32', default: dflt })
export const bool = (slot: number, dflt = false): Field<boolean> => ({ slot, kind: 'bool', default: dflt })
export const ints = (slot: number): Field<readonly number[]> => ({ slot, kind: 'i32[]', default: [] })
/** A byte-sized enum of the schema, its words in the order of the schema's numbers. */
export const oneOf = <const V extends string>(slot: number, ...values: V[]): Field<V> => ({
  slot,
  kind: 'enum',
  values,
  default: values[0]!,
})
export const padding = (slot: number) => oneOf(slot, 'same', 'valid')
export const fused = (slot: number) => oneOf(slot, 'none', 'relu', 'relu-n1-to-1', 'relu6', 'tanh', 'sign-bit')

export type Fields = Readonly<Record<string, Field<any>>>
export type AttrsOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never }

/** How an operand gets its scale: these words cover every int8 operator of the TFLite 8-bit quantisation specification. */
export type Role =
  | { readonly role: 'activation' } // calibrated range, per tensor
  | { readonly role: 'weight'; readonly axis: number } // symmetric, per channel along axis; per tensor where axis is -1
  | { readonly role: 'bias' } // int32, scale = scale of the activation x scale of the weight
  | { readonly role: 'same'; readonly as: number } // shares the scale of input `as`
  | { readonly role: 'fixed'; readonly scale: number; readonly zero: number } // set by the kernel
  | { readonly role: 'index' } // not quantised: an axis, a shape, a padding
export const activation: Role = { role: 'activation' }
export const weight = (axis: number): Role => ({ role: 'weight', axis })
export const bias: Role = { role: 'bias' }
export const same = (as = 0): Role => ({ role: 'same', as })
export const fixed = (scale: number, zero: number): Role => ({ role: 'fixed', scale, zero })
export const index: Role = { role: 'index' }

/** What a machine prices. An engine holds a cost for each family, never for an operator. */
export const families = ['conv', 'depthwise', 'dense', 'pool', 'elementwise', 'lut', 'softmax', 'reduce', 'move', 'free'] as const
/** `opaque` is an operator without a room, which has no price. */
export type Family = (typeof families)[number] | 'opaque'

/** TFLM and LiteRT's reference kernels round FULLY_CONNECTED differently; every comparison names which one it used. */
export const roundings = ['tflm', 'litert'] as const
/** `xnnpack`: CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED and MEAN as LiteRT's default kernels round on a CPU, the rest as `litert`; without fast kernels. */
export type Rounding = (typeof roundings)[number] | 'xnnpack'

/** Whose integer kernels a room is bit-exact to. Where both runtimes have one, it is TFLM's, and `rounding` tells where they differ. */
export type Authority = (typeof roundings)[number]

/** A value in `facts`, which a target's limits bound. */
export type Fact = number | string | boolean

/** An operand as a room sees it. Absent optional inputs are undefined. */
export type Operand = Pick<Tensor, 'shape' | 'dtype' | 'quant' | 'data'>

/** Prepared once, then run many times: reads the inputs' elements, writes the outputs'. Input arrays stand in the order of the node's inputs. */
export type Kernel = (inputs: readonly Elements[], outputs: readonly Elements[]) => void

/** Where the TFLite schema keeps an operator. */
export type Builtin = {
  /** BuiltinOperator. */
  readonly code: number
  /** Tag in the BuiltinOptions union, 0 for none. */
  readonly options: number
  /** The lowest operator version that can carry these operands (TFLite's versioning rules). */
  version(attrs: any, inputs: readonly (Operand | undefined)[], outputs: readonly Operand[]): number
}

export type OpDef<F extends Fields = Fields> = {
  /** The schema's name in kebab case (CONV_2D is conv-2d); also the name of the file. */
  readonly name: string
  /** Absent on operators that live only before strip or fold, which no file can hold. */
  readonly tflite?: Builtin
  /** The first phase whose law forbids this operator: strip and fold must have removed it. */
  readonly goneBy?: Phase
  readonly attrs: F
  readonly family: Family
  readonly roles: {
    readonly in: readonly Role[]
    readonly out: readonly Role[]
    /** The role of inputs beyond `in`, where their number varies. */
    readonly rest?: Role
    /** The role of outputs beyond `out`, where their number varies; `infer` says how many there are. */
    readonly restOut?: Role
    /** How many inputs must be present; all of `in` where it is not said. */
    readonly required?: number
  }
  /** The shapes of the outputs. Throws an Error, in words for a person, where the operands do not fit each other. */
  infer(attrs: AttrsOf<F>, inputs: readonly Operand[]): Shape[]
  /** Multiply-accumulates of one run. */
  macs(attrs: AttrsOf<F>, inputs: readonly Operand[], outputs: readonly Operand[]): number
  /** What a target's limits may bound, besides the general facts that every operator has. */
  facts(attrs: AttrsOf<F>, inputs: readonly Operand[], outputs: readonly Operand[]): Readonly<Record<string, Fact>>
  float(attrs: AttrsOf<F>, inputs: readonly Operand[], outputs: readonly Operand[]): Kernel
  /** Bit-exact to TFLite's integer reference kernels under the given rounding. Absent where no file can hold the operator. */
  int8?(attrs: AttrsOf<F>, inputs: readonly Operand[], outputs: readonly Operand[], rounding: Rounding): Kernel
  /** Types besides int8, and int32 for a bias, that the int8 kernel reads or writes; operators that only move elements take all. */
  readonly takes?: readonly DType[]
  /**
   * Whose kernel the int8 kernel equals, by the type of the first feature map; int8 has TFLM's where nothing is said. A type without
   * authority is read, checked and priced, and not executed: nobody could say what its right bits are. Moving elements needs none.
   */
  readonly authority?: Partial<Record<DType, Authority>>
  /** Small cases from which the common suite makes this operator's tests. */
  readonly examples: readonly Example<F>[]
}

export type Example<F extends Fields = Fields> = {
  readonly attrs?: Partial<AttrsOf<F>>
  readonly shapes: readonly Shape[]
  /** Constant int32 operands (a shape, an axis, paddings) by position. */
  readonly consts?: Readonly<Record<number, readonly number[]>>
}

/** Types a room; returns it as it is. */
export const defineOp = <const F extends Fields>(def: OpDef<F>): OpDef<F> => def

/** An operator as a stage sees it: which one is none of its business. */
export type AnyOp = OpDef<any>

/** Whether a node is of a room, and so has that room's attributes. */
export const is = <F extends Fields>(node: Node, def: OpDef<F>): node is Node<AttrsOf<F>> => node.op === def.name

/** All attributes of a room: those given, and defaults for the rest. */
export const attrsWith = <F extends Fields>(def: OpDef<F>, given: Partial<AttrsOf<F>> = {}): AttrsOf<F> =>
  ({ ...Object.fromEntries(Object.entries(def.attrs).map(([k, f]) => [k, f.default])), ...given }) as AttrsOf<F>

/** A node of a room, its attributes complete. */
export const nodeOf = <F extends Fields>(
  def: OpDef<F>,
  given: Partial<AttrsOf<F>>,
  inputs: readonly number[],
  outputs: readonly number[],
): Node => ({ op: def.name, attrs: attrsWith(def, given) as Attrs, inputs, outputs })

/** The role of input `i`. */
export const roleOfInput = ({ roles }: AnyOp, i: number): Role => roles.in[i] ?? roles.rest ?? index

/** The role of output `o`. */
export const roleOfOutput = ({ roles }: AnyOp, o: number): Role => roles.out[o] ?? roles.restOut ?? index

/** Whether the elements of an operand are quantised values, rather than parameters of the operator. */
export const carriesFeatures = ({ role }: Role): boolean => role === 'activation' || role === 'same' || role === 'fixed'

/** Whether an operator only moves elements, whatever they mean. */
export const moves = ({ family }: AnyOp): boolean => family === 'move' || family === 'free'

const int8ByTflm: Partial<Record<DType, Authority>> = { int8: 'tflm' }

/** Whose kernel an operator's integer kernel equals in a type; undefined where nobody's. */
export const authorityOf = (def: AnyOp, dtype: DType): Authority | undefined => ({ ...int8ByTflm, ...def.authority })[dtype]
