/** Where a compiler laid the tensors of a file in TFLM's arena: the metadata OfflineMemoryAllocation (tflite-micro, docs/memory_management.md). */
import { guard } from './guard.ts'
import { readBuffers } from './read-buffers.ts'

const key = 'OfflineMemoryAllocation'

/** An address for each tensor, -1 where the runtime shall choose; undefined where the file has no such plan, or one that is off. */
export function offlinePlan(file: Uint8Array): readonly number[] | undefined {
  const guarded = guard(file)
  const { model } = guarded
  const entry = Array.from({ length: model.metadataLength() }, (_, i) => model.metadata(i)!).find((m) => m.name() === key)
  const bytes = entry && readBuffers(guarded)[entry.buffer()]
  if (!bytes || bytes.length < 12 || bytes.length % 4) return undefined
  // Version, subgraph, number of tensors; then the addresses.
  const words = new Int32Array(bytes.slice().buffer)
  const offsets = [...words.subarray(3)]
  return words[2] === offsets.length && offsets.length === model.subgraphs(0)!.tensorsLength() ? offsets : undefined
}
