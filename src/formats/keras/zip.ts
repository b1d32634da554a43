/** Takes named files out of a zip from outside; nothing is ever written to disk. */
import { unzipSync } from 'fflate'
import { UserError } from '../../errors.ts'
import { MOST_BYTES } from '../read-bytes.ts'

/** `name` is what messages call the zip. Throws UserError `not-a-zip`, `truncated-file`, `unsafe-zip` and `too-large`. */
export function unzip(bytes: Uint8Array, wanted: readonly string[], name: string): ReadonlyMap<string, Uint8Array> {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b)
    throw new UserError('not-a-zip', `${name} is no .keras file, which is a zip`, {
      found: bytes.length ? `the first bytes ${Buffer.from(bytes.subarray(0, 8)).toString('hex')}` : 'an empty file',
      expected: 'the first bytes 504b',
      hint:
        bytes[0] === 0x89 ? 'this may be HDF5: if Keras wrote it, name it .h5' : 'save the model from Keras 3: model.save("model.keras")',
    })
  let total = 0
  const sizes = new Map<string, number>()
  try {
    const files = unzipSync(bytes, {
      filter: ({ name: entry, originalSize }) => {
        if (!isInside(entry)) throw new UserError('unsafe-zip', `${name} holds a file that leads out of it`, { found: entry })
        if (!wanted.includes(entry)) return false
        if (sizes.has(entry)) throw new UserError('unsafe-zip', `${name} holds ${entry} twice`, { found: entry })
        sizes.set(entry, originalSize)
        total += originalSize
        if (total > MOST_BYTES)
          throw new UserError('too-large', `${name} is too large for a float model`, {
            found: `${total} bytes once unpacked`,
            expected: `at most ${MOST_BYTES} bytes`,
          })
        return true
      },
    })
    return new Map(Object.entries(files))
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw new UserError('truncated-file', `${name} is no whole zip: ${(cause as Error).message}`, { cause, hint: 'copy the file again' })
  }
}

const isInside = (entry: string): boolean => !/^([/\\]|[a-z]:)/i.test(entry) && !entry.split(/[/\\]/).includes('..')
