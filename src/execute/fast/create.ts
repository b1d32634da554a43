/** Fast kernels for one executor: the overlays, bound to a memory of their own. */
import type { Operand } from '../../graph/ops/define.ts'
import type { FastKernels, Overlay } from '../define.ts'
import type { Packs } from './define.ts'
import * as all from './index.ts'
import { createMemory } from './memory.ts'

/** `module` is the compiled `dist/kernels/execute.wasm`. One call for each executor: its tensors and weights live in the memory made here. */
export function createFastKernels(module: WebAssembly.Module, packs?: Packs): FastKernels {
  const memory = createMemory(module, packs)
  const overlays = Object.values(all).map(({ op, prepare }): [string, Overlay] => [
    op,
    {
      op,
      prepare: (attrs, inputs, outputs, rounding) =>
        covered(attrs, inputs, outputs) ? prepare(attrs, inputs, outputs, rounding, memory) : undefined,
    },
  ])
  return { overlays: new Map(overlays), memory }
}

/** What every overlay asks: int8 tensors with scales, of which the inputs' first is no constant, and a fused activation that is a clamp. */
function covered(attrs: any, [x, ...others]: readonly Operand[], outputs: readonly Operand[]): boolean {
  const weights = others.filter((t) => t?.dtype !== 'int32')
  if (x?.data || attrs.fusedActivation === 'tanh' || attrs.fusedActivation === 'sign-bit') return false
  return [x, ...weights, ...outputs].every((t) => !t || (t.dtype === 'int8' && t.quant !== undefined))
}
