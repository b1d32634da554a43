/** The ways to refuse a file that is not the TFLite file it should be. */
import { UserError } from '../../errors.ts'

const again = 'Write or download the file again; if it comes from a tool, that tool wrote it wrongly.'

/** What a place of the file says breaks a law of the format. `at` is an offset in bytes from the start of the file. */
export const corrupt = (place: string, says: string, found: string | number, expected: string, at?: number): UserError =>
  new UserError('tflite-corrupt', `${place}${at === undefined ? '' : ` (byte ${at})`} ${says}: the TFLite file is corrupt`, {
    found: String(found),
    expected,
    hint: again,
  })

/** A place points past the file's end. */
export const truncated = (place: string, at: number, end: number, length: number): UserError =>
  new UserError('tflite-truncated', `${place} (byte ${at}) reaches past the end of the file: it is cut off or damaged`, {
    found: `${length} bytes`,
    expected: `at least ${end} bytes`,
    hint: again,
  })

/** The file is well formed, but holds what Peapod does not read. */
export const unsupported = (place: string, says: string, found: string, expected: string, hint: string): UserError =>
  new UserError('tflite-unsupported', `${place} ${says}, which Peapod does not read`, { found, expected, hint })

/** How messages call a tensor: fused operators leave names of many parts, and strangers leave long ones. */
export function label(name: string, index: number): string {
  const first = name.split(';', 1)[0]!
  return first ? (first.length > 80 ? `${first.slice(0, 79)}…` : first) : `tensor ${index}`
}
