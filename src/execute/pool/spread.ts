/** Spreads what is left of a data set over threads. */
import { Worker } from 'node:worker_threads'
import type { Work } from './work.ts'

/**
 * Resolves when all samples are executed and the threads have ended. `outputs` and `next` must stand in shared memory. Threads start from the
 * compiled file also where this file itself runs as TypeScript, which Node 20 does not: tests need a build, as they do for the kernels.
 */
export async function spread(workerData: Work, threads: number): Promise<void> {
  const file = new URL('../../../dist/execute/pool/worker.js', import.meta.url)
  const workers = Array.from({ length: threads }, () => new Worker(file, { workerData }))
  const ended = workers.map(
    (worker) =>
      new Promise<void>((resolve, reject) => {
        worker.once('error', reject)
        worker.once('exit', () => resolve())
      }),
  )
  try {
    await Promise.all(ended)
  } finally {
    // Of several threads the first to fail speaks; the others are stopped and their own ends awaited.
    await Promise.allSettled(workers.map((worker) => worker.terminate()))
  }
}
