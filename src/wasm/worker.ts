/** The script of a worker thread, as text: `eval` of it works from TypeScript in tests and from JavaScript in dist alike. */
import { bind, work } from './work.ts'

/** Sleeps until the generation changes; an odd one means that the run's description is being written. */
export const workerSource = `
const { workerData, receiveMessageOnPort } = require('node:worker_threads')
const { control, module, memory, port } = workerData
const bind = ${bind.toString()}
const work = ${work.toString()}
const exports_ = new WebAssembly.Instance(module, { env: { memory } }).exports
const programs = new Map()
Atomics.add(control, 10, 1)
Atomics.notify(control, 10)
for (let seen = 0, spins = 0; ; spins++) {
  const generation = Atomics.load(control, 0)
  if (generation === seen || generation & 1) {
    if (spins > 5000) Atomics.wait(control, 0, generation)
    continue
  }
  const [program, base, from, to, quit] = [5, 6, 7, 8, 9].map((word) => Atomics.load(control, word))
  if (Atomics.load(control, 0) !== generation) continue
  seen = generation
  spins = 0
  if (quit) break
  try {
    for (let message; !programs.has(program) && (message = receiveMessageOnPort(port)); ) programs.set(message.message.id, bind(message.message.program, exports_))
    work(control, programs.get(program), from, to, base, false, () => false)
  } catch (error) {
    port.postMessage(String(error && error.stack || error))
    Atomics.store(control, 4, 1)
    Atomics.notify(control, 2)
    break
  }
}
port.close()
`
