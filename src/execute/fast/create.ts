/** Fast kernels for one executor: the overlays, bound to a memory of their own. */
import type { FastKernels, Overlay } from '../define.ts'
import * as all from './index.ts'
import { createMemory } from './memory.ts'

/** `module` is the compiled `dist/kernels/execute.wasm`. One call for each executor: its tensors and weights live in the memory made here. */
export function createFastKernels(module: WebAssembly.Module): FastKernels {
  const memory = createMemory(module)
  const overlays = Object.values(all).map(({ op, prepare }): [string, Overlay] => [
    op,
    { op, prepare: (attrs, inputs, outputs, rounding) => prepare(attrs, inputs, outputs, rounding, memory) },
  ])
  return { overlays: new Map(overlays), memory }
}
