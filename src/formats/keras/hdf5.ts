/** Reads an HDF5 file, in a thread of its own, bounded in time. */
import { Worker } from 'node:worker_threads'
import { type ErrorDetails, UserError } from '../../errors.ts'
import type { Hdf5 } from './hdf5-tree.ts'

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
/** A file of 100 MiB takes under a second. */
const MOST_MS = 60_000

type Answer =
  | { readonly tree: Hdf5 }
  | { readonly refused: ErrorDetails & { readonly code: string }; readonly message: string }
  | { readonly broken: string }

/** `name` is what messages call the file. Throws UserError `not-hdf5`, `truncated-file`, `unreadable-model` and `too-large`. */
export async function readHdf5(bytes: Uint8Array, name: string): Promise<Hdf5> {
  if (signature.some((byte, i) => bytes[i] !== byte))
    throw new UserError('not-hdf5', `${name} is no HDF5 file`, {
      found: bytes.length ? `the first bytes ${Buffer.from(bytes.subarray(0, 8)).toString('hex')}` : 'an empty file',
      expected: `the first bytes ${Buffer.from(signature).toString('hex')}`,
      hint: startsAsZip(bytes)
        ? 'this is a zip: if Keras 3 wrote it, name it .keras'
        : 'save the whole model from Keras: model.save("model.h5")',
    })
  const end = endOf(bytes)
  if (end > bytes.length)
    throw new UserError('truncated-file', `${name} is cut off`, {
      found: `${bytes.length} bytes`,
      expected: `${end} bytes`,
      hint: 'copy the file again',
    })
  const answer = await ask(bytes)
  if ('tree' in answer) return answer.tree
  if ('refused' in answer) throw new UserError(answer.refused.code, `${name}: ${answer.message}`, answer.refused)
  throw new UserError('unreadable-model', `${name} is a broken HDF5 file`, { found: answer.broken, hint: 'copy or save the file again' })
}

const startsAsZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b

/** The end of the file as its superblock says it (HDF5 file format specification, II.A); 0 where it is not said. */
function endOf(bytes: Uint8Array): number {
  const [version, wide] = [bytes[8]!, bytes[version0(bytes) ? 13 : 9]]
  const at = version === 0 ? 40 : version === 1 ? 44 : 28
  if (wide !== 8) return 0
  if (at + 8 > bytes.length) return at + 8
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(at, true))
}
const version0 = (bytes: Uint8Array): boolean => bytes[8]! < 2

/** The compiled file, as the threads of `execute/pool`: Node 20 starts no TypeScript. */
function ask(workerData: Uint8Array): Promise<Answer> {
  const file = new URL('../../../dist/formats/keras/hdf5-worker.js', import.meta.url)
  const worker = new Worker(file, { workerData, stdout: true, stderr: true, execArgv: [] })
  // The library tells its errors there, at length.
  for (const stream of [worker.stdout, worker.stderr]) stream.resume()
  return new Promise<Answer>((resolve) => {
    const timer = setTimeout(() => resolve({ broken: `no end after ${MOST_MS / 1000} s` }), MOST_MS)
    worker.once('message', resolve)
    worker.once('error', (error) => resolve({ broken: String(error) }))
    worker.once('exit', () => {
      clearTimeout(timer)
      resolve({ broken: 'the reader ended early' })
    })
  }).finally(() => worker.terminate())
}
