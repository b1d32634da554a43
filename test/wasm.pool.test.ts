/** The pool of threads: order of stages, work shared, a worker that dies, an end that ends. */
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { loadModule } from '../src/wasm/load.ts'
import { createPool, sharedMemory } from '../src/wasm/pool.ts'
import type { Program } from '../src/wasm/program.ts'
import { bind, words, work } from '../src/wasm/work.ts'

const kernels = () => loadModule('training-shared')
const [at, length] = [1024, 64]

/** Stage s adds, in 16 parts, the sum of all 16 values of the stage before to each value: wrong where a stage begins too early. */
const chain = (stages: number): Program =>
  Array.from({ length: stages }, (_, s) =>
    Array.from({ length: 16 }, (_, part) => {
      const [from, to] = [at + (s % 2) * length, at + ((s + 1) % 2) * length]
      return [
        { kernel: 'fillZero', args: [to + part * 4, 4] },
        { kernel: 'addRows', args: [from, to + part * 4, 1, 0, 16] },
      ]
    }),
  )

describe.each([1, 2, 4])('%i threads', (threads) => {
  it('begin a stage once the one before is done, run after run', async () => {
    const memory = sharedMemory(65536)
    const pool = await createPool(kernels(), memory, { threads })
    const [first, second] = [pool.add(chain(40)), pool.add(chain(2))]
    const values = new Float32Array(memory.buffer, at, 16)
    for (let run = 0; run < 20; run++) {
      values.fill(2 ** -100)
      pool.run(first, 0, 10)
      pool.run(first, 10, 40)
      expect([...values]).toEqual(Array(16).fill(2 ** 60))
      values.fill(1)
      pool.run(second)
      expect([...values]).toEqual(Array(16).fill(256))
    }
    await pool.dispose()
    expect(() => pool.run(second)).toThrow('closed')
  })

  it('say which kernel trapped, and stay broken', async () => {
    const memory = sharedMemory(65536)
    const pool = await createPool(kernels(), memory, { threads })
    const bad = pool.add([Array.from({ length: 8 }, () => [{ kernel: 'fillZero', args: [2 ** 31, 64] }])])
    expect(() => pool.run(bad)).toThrow(/out of bounds/)
    expect(() => pool.run(bad)).toThrow(/out of bounds/)
    await pool.dispose()
  })
})

describe('a worker that dies', () => {
  const quick = { kernel: 'fillZero', args: [at, 4] }

  it('between runs: the next one throws', async () => {
    const pool = await createPool(kernels(), sharedMemory(65536), { threads: 2 })
    const program = pool.add([[[quick]], [[quick]]])
    pool.run(program)
    await pool.workers[0]!.terminate()
    expect(() => pool.run(program)).toThrow('A worker thread ended')
    await pool.dispose()
  })

  it('with a part in its hands: the others give up, not wait for ever', () => {
    const memory = new WebAssembly.Memory({ initial: 1 })
    const bound = bind([[[quick], [quick]]], new WebAssembly.Instance(loadModule('training'), { env: { memory } }).exports)
    const shared = new Int32Array(new SharedArrayBuffer(64))
    // The dead one took the first ticket and never reported it done.
    shared[words.next] = 1
    let asked = 0
    expect(work(shared, bound, 0, 1, 0, true, () => ++asked === 3)).toBe(false)
    expect([asked, shared[words.done]]).toEqual([3, 1])
  })

  it('killed in the middle of a part: the run ends with an error, and so does every later one', async () => {
    const pool = await createPool(kernels(), sharedMemory(65536), { threads: 2, stallMs: 500 })
    // This thread takes the first part, some half a second, at once; the worker has to be woken, and takes the second, ten times as long.
    const part = (rows: number) => [{ kernel: 'copyRows', args: [at, 0, at + 64, 0, 4, rows] }]
    const warm = pool.add([[[quick], [quick]]])
    pool.run(warm)
    const program = pool.add([[part(100_000_000), part(1_000_000_000)], [[quick]]])
    let ended = false
    pool.workers[0]!.once('exit', () => {
      ended = true
    })
    const { wait } = Atomics
    let waits = 0
    Atomics.wait = ((...args: Parameters<typeof wait>) => {
      // This thread waits only when every part left is in the worker's hands.
      if (waits++ === 0) void pool.workers[0]!.terminate()
      return wait(...args)
    }) as typeof wait
    try {
      expect(() => pool.run(program)).toThrow(/A worker thread (stopped|ended)/)
    } finally {
      Atomics.wait = wait
    }
    await pool.workers[0]!.terminate()
    expect([ended, waits > 1]).toEqual([true, true])
    expect(() => pool.run(warm)).toThrow(/A worker thread/)
    await pool.dispose()
  })

  it('by a trap, whoever met it: the run throws', async () => {
    const pool = await createPool(kernels(), sharedMemory(65536), { threads: 2 })
    const long = { kernel: 'copyRows', args: [at, 0, at + 64, 0, 4, 20_000_000] }
    const trap = { kernel: 'fillZero', args: [2 ** 30, 64] }
    const program = pool.add([[[long], [trap]], [[quick]]])
    expect(() => pool.run(program)).toThrow(/failed: RuntimeError: memory access out of bounds/)
    await pool.dispose()
  })
})

it('does not keep a process alive, disposed or not', () => {
  const script = `
    import { createPool, sharedMemory } from ${JSON.stringify(new URL('../dist/wasm/pool.js', import.meta.url).href)}
    import { loadModule } from ${JSON.stringify(new URL('../dist/wasm/load.js', import.meta.url).href)}
    const pool = await createPool(loadModule('training-shared'), sharedMemory(65536), { threads: 3 })
    pool.run(pool.add([[[{ kernel: 'fillZero', args: [1024, 4] }]]]))
    if (process.argv[1] === 'dispose') await pool.dispose()
    process.stdout.write('done')`
  for (const how of ['leave', 'dispose'])
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', script, '--', how], { timeout: 20_000, encoding: 'utf8' })).toBe(
      'done',
    )
})
