/** A thread that reads one HDF5 file. The C library traps on some broken files and may loop on others: a thread of its own can be ended. */
import { parentPort, workerData } from 'node:worker_threads'
import { FS, File as Hdf5File, ready } from 'h5wasm'
import { UserError } from '../../errors.ts'
import { treeOf } from './hdf5-tree.ts'

const library = (await ready) as unknown as Record<string, (...args: unknown[]) => number>
// h5wasm looks at no status: of a read that failed (a damaged part, data kept in another file) it would give what stood in memory before.
for (const name of ['get_dataset_data', 'get_attribute_data']) {
  const read = library[name]!
  library[name] = (...args) => {
    const status = read(...args)
    if (status < 0) throw new Error('a part of it cannot be read')
    return status
  }
}
// This build sees no disk but its own memory, so that a link or an external storage in the file leads nowhere.
FS!.writeFile('/model.h5', workerData as Uint8Array)
try {
  parentPort!.postMessage({ tree: treeOf(new Hdf5File('/model.h5', 'r')) })
} catch (error) {
  parentPort!.postMessage(error instanceof UserError ? { refused: { ...error }, message: error.message } : { broken: String(error) })
}
