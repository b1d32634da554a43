/** What comes of reading untrusted bytes. */
import { expect } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { readTflite } from '../../src/formats/tflite/read.ts'
import { violations } from '../../src/graph/ops/validate.ts'

const codes = ['tflite-empty', 'tflite-not-tflite', 'tflite-truncated', 'tflite-corrupt', 'tflite-unsupported', 'unsupported-operator']

/** The code of the refusal, or `reads`; fails where anything else comes out, or the graph is not lawful. */
export function outcome(bytes: Uint8Array): string {
  try {
    const graph = readTflite(bytes)
    expect(violations(graph, 'foreign')).toEqual([])
    return 'reads'
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    expect(codes).toContain(error.code)
    return error.code
  }
}

/** The error that a file is refused with. */
export const refusal = (bytes: Uint8Array): UserError => {
  try {
    readTflite(bytes)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('the file was read')
}
