/** The room's kernel for a node: float or integer, by the dtypes of its operands. */
import { UserError } from '../errors.ts'
import type { DType, Graph, Node } from '../graph/ir/graph.ts'
import {
  type AnyOp,
  authorityOf,
  carriesFeatures,
  type Kernel,
  moves,
  type Operand,
  type Role,
  type Rounding,
  roleOfInput,
  roleOfOutput,
} from '../graph/ops/define.ts'
import { operandsOf } from '../graph/ops/facts.ts'
import { opOf } from '../graph/ops/registry.ts'

const quantisedTypes: readonly DType[] = ['int8', 'uint8', 'int16']

/** Throws UserError `cannot-execute` where the room has no kernel for this case. */
export function chooseKernel(graph: Graph, node: Node, rounding: Rounding, place: string): Kernel {
  const def = opOf(node)
  const { inputs, outputs } = operandsOf(graph, node)
  const refuse = (message: string, found?: string): UserError =>
    new UserError('cannot-execute', `${node.op} at ${place}: ${message}`, {
      ...(found && { found }),
      hint: 'the executor computes float32 models, int8 ones, and 16-bit activations where a runtime does',
    })
  const made = outputs.filter((_, o) => roleOfOutput(def, o).role !== 'index')
  const valued = [...inputs.filter((t, i) => t && roleOfInput(def, i).role !== 'index'), ...made]
  const integer = valued.some(({ dtype }) => quantisedTypes.includes(dtype))
  if (integer) {
    if (!def.int8) throw refuse('it has no integer kernel')
    const wrong = [...inputs.filter((t, i) => t && limited(roleOfInput(def, i))), ...made].find((t) => !allowed(def, t))
    if (wrong) throw refuse('its integer kernel does not take this type', wrong.dtype)
    const { dtype } = inputs.find((t, i) => t && carriesFeatures(roleOfInput(def, i)) && quantisedTypes.includes(t.dtype)) ?? made[0]!
    if (!moves(def) && quantisedTypes.includes(dtype) && !authorityOf(def, dtype) && !def.takes?.includes(dtype))
      throw refuse('no runtime has an integer kernel of this type whose bits could be met', dtype)
    if (!moves(def) && valued.some(({ dtype, quant }) => quantisedTypes.includes(dtype) && !quant)) throw refuse('an operand has no scale')
  } else if (valued.some(({ dtype }) => dtype === 'int64')) throw refuse('no kernel takes this type', 'int64')
  try {
    return integer ? def.int8!(node.attrs, inputs, outputs, rounding) : def.float(node.attrs, inputs, outputs)
  } catch (error) {
    if (!(error instanceof Error) || error.message.startsWith('broken promise')) throw error
    throw refuse(error.message)
  }
}

/** Bare numbers are of any type, and a kernel minds the type of its bias itself. */
const limited = ({ role }: Role): boolean => role !== 'index' && role !== 'bias'

/** Moving is the same for all types; arithmetic is int8 (a bias int32), but where the room says that it takes more. */
const allowed = (def: AnyOp, { dtype }: Operand): boolean =>
  dtype === 'int8' || dtype === 'int32' || moves(def) || authorityOf(def, dtype) !== undefined || (def.takes ?? []).includes(dtype)
