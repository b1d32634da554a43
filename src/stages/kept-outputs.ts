/** Outputs of interrupted runs on several runners, in the one scratch file of a stage. */
import type { Kept } from '../device/verify.ts'
import { redact } from '../redact.ts'
import type { World } from './define.ts'

/** Each runner reads and writes its own; writes wait for one another. A file that cannot be read counts as none. */
export async function keptByRunner(scratch: World['scratch']): Promise<(uri: string) => Kept> {
  const held = new Map<string, string>(Object.entries(parse(await scratch.read())))
  let writing: Promise<unknown> = Promise.resolve()
  const named = (uri: string): Kept => ({
    read: async () => {
      const text = held.get(uri)
      return text === undefined ? undefined : new Uint8Array(Buffer.from(text, 'base64'))
    },
    write: async (bytes) => {
      held.set(uri, Buffer.from(bytes).toString('base64'))
      writing = writing.then(() => scratch.write(Buffer.from(JSON.stringify(Object.fromEntries(held)))))
      await writing
    },
  })
  return (uri) => named(redact(uri))
}

function parse(bytes: Uint8Array | undefined): Record<string, string> {
  try {
    return bytes ? (JSON.parse(Buffer.from(bytes).toString()) as Record<string, string>) : {}
  } catch {
    return {}
  }
}
