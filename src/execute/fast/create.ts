/** Fast kernels for one executor: the overlays, bound to a memory of their own. */
import type { Operand } from '../../graph/ops/define.ts'
import type { FastKernels, Overlay } from '../define.ts'
import type { Packs } from './define.ts'
import * as float from './float/index.ts'
import * as int8 from './index.ts'
import { createMemory } from './memory.ts'
import { productsIn } from './products.ts'

/** `module` is the compiled `dist/kernels/execute.wasm`. One call for each executor: its tensors and weights live in the memory made here. */
export function createFastKernels(module: WebAssembly.Module, packs?: Packs): FastKernels {
  const memory = createMemory(module, packs)
  const ofFloat = new Map(Object.values(float).map((overlay) => [overlay.op, overlay]))
  const overlays = Object.values(int8).map(({ op, prepare }): [string, Overlay] => [
    op,
    {
      op,
      prepare: (attrs, inputs, outputs, rounding) => {
        if (inputs[0]?.data || attrs.fusedActivation === 'tanh' || attrs.fusedActivation === 'sign-bit') return undefined
        if (allInt8(inputs, outputs)) return prepare(attrs, inputs, outputs, rounding, memory)
        return allFloat(inputs, outputs) ? ofFloat.get(op)?.prepare(attrs, inputs, outputs, rounding, memory) : undefined
      },
    },
  ])
  return { overlays: new Map(overlays), memory, products: (depth, channels) => productsIn(memory, depth, channels) }
}

/** int8 tensors with scales, but for a bias. */
const allInt8 = ([x, ...others]: readonly Operand[], outputs: readonly Operand[]): boolean =>
  [x, ...others.filter((t) => t?.dtype !== 'int32'), ...outputs].every((t) => !t || (t.dtype === 'int8' && t.quant !== undefined))

const allFloat = (inputs: readonly Operand[], outputs: readonly Operand[]): boolean =>
  [...inputs, ...outputs].every((t) => !t || t.dtype === 'float32')
