/** LiteRT.js (XNNPACK in WASM) in a Node of its own, which answers the framed requests of `python/program.py.ts`. */

/** `entry` and `wasm` are where the package lies: its module, and the folder of its WASM. */
export const litertJsProgram = (entry: string, wasm: string): string => `
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { exit, stdin, stdout, version as node } from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import vm from 'node:vm'
const [entry, wasm] = ${JSON.stringify([entry, wasm])}
const { console: screen } = globalThis
screen.log = screen.info = screen.error // what the runtime prints must not break the frames
// Its loader is Emscripten's: it asks for a worker's importScripts and self, and once it sees Node, for require and __dirname.
const path = (url) => (String(url).startsWith('file:') ? fileURLToPath(String(url)) : String(url))
Object.assign(globalThis, {
  self: globalThis,
  require: createRequire(join(wasm, 'loader.js')),
  __dirname: wasm,
  __filename: join(wasm, 'loader.js'),
  importScripts: (url) => vm.runInThisContext(readFileSync(path(url), 'utf8'), { filename: path(url) }),
  fetch: async (url) => new Response(readFileSync(path(url)), { headers: { 'content-type': 'application/wasm' } }),
})
const { loadLiteRt, loadAndCompile, Tensor } = await import(pathToFileURL(entry).href)
await loadLiteRt(wasm + '/', { threads: false })
const { version } = JSON.parse(readFileSync(join(wasm, '..', 'package.json'), 'utf8'))
const digest = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')
let model, shape

async function load(_, payload) {
  const sha256 = digest(payload)
  const started = performance.now()
  model = await loadAndCompile(new Uint8Array(payload), { accelerator: 'wasm' })
  shape = Array.from(model.getInputDetails()[0].shape)
  return [{ initMs: performance.now() - started, sha256 }]
}
async function invoke({ count }, payload) {
  const all = new Float32Array(new Uint8Array(payload).buffer)
  const size = all.length / count
  const times = new Float64Array(count)
  const outputs = []
  for (let n = 0; n < count; n++) {
    const input = new Tensor(all.slice(n * size, (n + 1) * size), shape)
    const started = performance.now()
    const made = await model.run([input])
    times[n] = performance.now() - started
    for (const tensor of made) outputs.push(Buffer.from(Float32Array.from(tensor.toTypedArray()).buffer))
    for (const tensor of [input, ...made]) tensor.delete()
  }
  return [{ count }, Buffer.concat([Buffer.from(times.buffer), ...outputs])]
}
const describe = async () => [{ facts: { runtime: '@litertjs/core', version, node } }]
const verbs = { load, invoke, describe }

const chunks = stdin[Symbol.asyncIterator]()
let held = Buffer.alloc(0)
const atLeast = async (bytes) => {
  const parts = [held]
  for (let have = held.length; have < bytes; have += parts.at(-1).length) {
    const { value, done } = await chunks.next()
    if (done) exit(0)
    parts.push(value)
  }
  held = Buffer.concat(parts)
}
const reply = (number, fields, payload = Buffer.alloc(0)) => {
  const line = JSON.stringify({ ...fields, number, bytes: payload.length })
  stdout.write(digest(line, payload) + ' ' + line + '\\n')
  stdout.write(payload)
}
for (;;) {
  while (!held.includes(10)) await atLeast(held.length + 1)
  const end = held.indexOf(10)
  const request = JSON.parse(held.subarray(65, end))
  held = held.subarray(end + 1)
  await atLeast(request.bytes)
  const payload = held.subarray(0, request.bytes)
  held = held.subarray(request.bytes)
  try {
    reply(request.number, ...(await verbs[request.verb](request, payload)))
  } catch (error) {
    reply(request.number, { error: String(error) })
  }
}
`
