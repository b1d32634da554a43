/** LiteRT.js, a TFLite runtime that we did not write (XNNPACK in WASM), in Node: behind a shim of the browser globals that it asks for. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import vm from 'node:vm'

/** Runs one inference: float32 in, float32 out, batch 1. Inputs and outputs stand in the order of the file. */
export type LiteRtJsModel = {
  readonly inputShapes: readonly (readonly number[])[]
  run(inputs: readonly Float32Array[]): Promise<Float32Array[]>
}

export type LiteRtJs = { compile(file: Uint8Array): Promise<LiteRtJsModel> }

const wasm = join(dirname(dirname(createRequire(import.meta.url).resolve('@litertjs/core'))), 'wasm')
const pathOf = (url: unknown): string => (String(url).startsWith('file:') ? fileURLToPath(String(url)) : String(url))

/** The loader is Emscripten's: it asks for a worker's `importScripts` and `self`, and once it sees Node, for `require` and `__dirname`. */
const shim = {
  self: globalThis,
  require: createRequire(join(wasm, 'loader.js')),
  __dirname: wasm,
  __filename: join(wasm, 'loader.js'),
  importScripts: (url: unknown) => vm.runInThisContext(readFileSync(pathOf(url), 'utf8'), { filename: pathOf(url) }),
  fetch: async (url: unknown) => new Response(readFileSync(pathOf(url)), { headers: { 'content-type': 'application/wasm' } }),
}

let loading: Promise<LiteRtJs> | undefined

/** Loads the runtime once in a process. It takes files with float inputs and outputs only (`io: 'float32'`) and refuses -1 in a shape signature. */
export function loadLiteRtJs(): Promise<LiteRtJs> {
  loading ??= load()
  return loading
}

async function load(): Promise<LiteRtJs> {
  Object.assign(globalThis, shim)
  const { loadLiteRt, loadAndCompile, Tensor } = await import('@litertjs/core')
  await quietly(() => loadLiteRt(`${wasm}/`, { threads: false }))
  return {
    async compile(file) {
      const model = await loadAndCompile(file, { accelerator: 'wasm' })
      const inputShapes = model.getInputDetails().map(({ shape }) => Array.from(shape))
      return {
        inputShapes,
        async run(inputs) {
          const tensors = inputs.map((data, i) => new Tensor(data, inputShapes[i]!))
          const outputs = await model.run(tensors)
          const copies = outputs.map((tensor) => Float32Array.from(tensor.toTypedArray() as Float32Array))
          for (const tensor of [...tensors, ...outputs]) tensor.delete()
          return copies
        },
      }
    },
  }
}

/** The runtime keeps the console that it finds while loading, and writes notes about accelerators that Node lacks. Failures are thrown. */
async function quietly(work: () => Promise<unknown>): Promise<void> {
  const { error, warn } = console
  console.error = console.warn = () => {}
  try {
    await work()
  } finally {
    Object.assign(console, { error, warn })
  }
}
