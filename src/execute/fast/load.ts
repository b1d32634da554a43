/** Reads and compiles the kernels' module, once a process. */
import { readFileSync } from 'node:fs'
import { UserError } from '../../errors.ts'
import type { FastKernels } from '../define.ts'
import { createFastKernels } from './create.ts'
import type { Packs } from './define.ts'

let module: WebAssembly.Module | undefined

function compiled(): WebAssembly.Module {
  if (module) return module
  const file = new URL('../../../dist/kernels/execute.wasm', import.meta.url)
  try {
    module = new WebAssembly.Module(readFileSync(file))
    return module
  } catch (cause) {
    throw new UserError('kernels-missing', 'The compiled kernels cannot be loaded', {
      hint: 'Run `make build`',
      found: file.pathname,
      cause,
    })
  }
}

/** Fast kernels for one executor; `packs` is shared by those of graphs that share weights. Throws UserError `kernels-missing` where `make build` has not run. */
export const loadFastKernels = (packs?: Packs): FastKernels => createFastKernels(compiled(), packs)
