/** Threads that work off programs together over one shared memory. What comes out does not depend on how many there are. */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { assert } from '../errors.ts'
import type { Program } from './program.ts'
import { type Bound, bind, words, work } from './work.ts'
import { workerSource } from './worker.ts'

export type PoolOptions = {
  /** Threads in all, this one included. */
  readonly threads: number
  /** A run without progress for this long ends with an error: a worker died with a part in its hands. */
  readonly stallMs?: number
}

export type Pool = {
  /** The threads besides this one. */
  readonly workers: readonly Worker[]
  /** Hands a program to every thread; `run` takes the number that comes back. */
  add(program: Program): number
  /** Runs stages `from` to `to` (all by default); throws if a kernel traps or a worker dies, and from then on always. */
  run(program: number, from?: number, to?: number): void
  /** Ends the workers; they never keep the process alive. */
  dispose(): Promise<void>
}

const shutDown = 'The pool of threads is closed.'

/** Starts `threads - 1` workers on `module`, compiled for shared memory, and waits until they are ready. */
export async function createPool(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  { threads, stallMs = 60_000 }: PoolOptions,
): Promise<Pool> {
  assert(Number.isInteger(threads) && threads >= 1, 'a pool has at least one thread')
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports
  const control = new Int32Array(new SharedArrayBuffer(4 * 16))
  const programs: Bound[] = []
  const ports: MessagePort[] = []
  let broken: string | undefined
  const fail = (why: string) => {
    broken ??= why
    Atomics.store(control, words.failed, 1)
    Atomics.notify(control, words.done)
  }
  const workers = Array.from({ length: threads - 1 }, () => {
    const { port1, port2 } = new MessageChannel()
    ports.push(port1)
    port1.unref()
    // Without execArgv a parent started with --input-type=module would have its workers read the script as a module.
    const worker = new Worker(workerSource, {
      eval: true,
      execArgv: [],
      workerData: { control, module, memory, port: port2 },
      transferList: [port2],
    })
    worker.unref()
    worker.on('error', (error) => fail(`A worker thread failed: ${error}`))
    worker.on('exit', (code) => fail(`A worker thread ended (exit code ${code}).`))
    return worker
  })
  // Waits in turns of the event loop, in which a worker that fails to start reports it.
  while (Atomics.load(control, words.ready) < workers.length && !broken) await new Promise((resolve) => setTimeout(resolve, 2))

  const announce = (entries: Partial<Record<keyof typeof words, number>>) => {
    Atomics.add(control, words.generation, 1)
    for (const [word, value] of Object.entries(entries)) Atomics.store(control, words[word as keyof typeof words], value)
    Atomics.add(control, words.generation, 1)
    Atomics.notify(control, words.generation)
  }
  /** What a worker said before it stopped, or that none did. */
  const blame = () => {
    for (const port of ports) {
      const said = receiveMessageOnPort(port)
      if (said) return `A worker thread failed: ${said.message}`
    }
    return `A worker thread stopped: no progress for ${stallMs} ms.`
  }

  return {
    workers,
    add(program) {
      for (const port of ports) port.postMessage({ id: programs.length, program })
      return programs.push(bind(program, exports)) - 1
    },
    run(program, from = 0, to = programs[program]!.stages.length) {
      if (broken) throw new Error(broken)
      const base = Atomics.load(control, words.next)
      announce({ program, base, from, to })
      let stalls = 0
      let seen = Atomics.load(control, words.done)
      const stalled = () => {
        const done = Atomics.load(control, words.done)
        stalls = done === seen ? stalls + 1 : 0
        seen = done
        return stalls * 100 >= stallMs
      }
      try {
        if (!work(control, programs[program]!, from, to, base, true, stalled)) fail(blame())
      } catch (error) {
        fail(`A kernel failed: ${error}`)
      }
      if (broken) throw new Error(broken)
    },
    async dispose() {
      if (broken === shutDown) return
      for (const worker of workers) worker.removeAllListeners('exit')
      broken = shutDown
      Atomics.store(control, words.failed, 1)
      announce({ quit: 1 })
      for (const port of ports) port.close()
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

/** A shared memory of at least `bytes` bytes; it may grow to 4 GiB. */
export const sharedMemory = (bytes: number): WebAssembly.Memory =>
  new WebAssembly.Memory({ initial: Math.ceil(bytes / 65536), maximum: 65536, shared: true })
