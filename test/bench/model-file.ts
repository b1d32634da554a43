/** Milliseconds to write and to read a model file, beside a SHA-256 of its bytes in the same run. */
import { createHash } from 'node:crypto'
import { readTflite } from '../../src/formats/tflite/read.ts'
import { writeTflite } from '../../src/formats/tflite/write.ts'
import { mobilenetInt8 } from '../samples/mobilenet-int8.ts'

const graph = mobilenetInt8()

/** First call and median of the following, for a process reads or writes a model once or many times. */
function time(work: () => unknown): { readonly first: number; readonly median: number } {
  const times = Array.from({ length: 41 }, () => {
    const from = performance.now()
    work()
    return performance.now() - from
  })
  return { first: times[0]!, median: times.slice(1).sort((a, b) => a - b)[20]! }
}

const write = time(() => writeTflite(graph))
const file = writeTflite(graph)
const read = time(() => readTflite(file))
const digest = time(() => createHash('sha256').update(file).digest())
for (const [name, { first, median }] of Object.entries({ write, read, digest }))
  process.stdout.write(
    `model file ${(file.length / 1024).toFixed(0)} KiB  ${name.padEnd(6)} first ${first.toFixed(1)} ms, median ${median.toFixed(2)} ms, ${(median / digest.median).toFixed(1)} x SHA-256\n`,
  )
