/** Loads a WebAssembly module that the build made from AssemblyScript. */
import { readFileSync } from 'node:fs'
import { UserError } from '../errors.ts'

const loaded = new Map<string, WebAssembly.Module>()

/** The module `dist/kernels/<name>.wasm`, compiled once; this file lies two levels below the root both in src and in dist. */
export function loadModule(name: string): WebAssembly.Module {
  const known = loaded.get(name)
  if (known) return known
  const url = new URL(`../../dist/kernels/${name}.wasm`, import.meta.url)
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = readFileSync(url)
  } catch (cause) {
    throw new UserError('kernels-missing', `The compiled kernels "${name}" are not there.`, {
      hint: 'Run make build.',
      expected: url.pathname,
      cause,
    })
  }
  const module = new WebAssembly.Module(bytes)
  loaded.set(name, module)
  return module
}
