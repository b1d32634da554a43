/** Signatures of a manifest with an ed25519 key, through Node's crypto. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { UserError } from '../errors.ts'
import { readIfThere } from './files.ts'

/** Beside `manifest.json`. */
export const signatureName = 'manifest.sig'

const hint = 'openssl genpkey -algorithm ed25519 -out key.pem makes a key, openssl pkey -in key.pem -pubout -out key.pub its public half.'
const expected = 'an ed25519 key in PEM, without a passphrase'

/** Throws UserError `bad-key`. The key itself is never part of a message. */
export const readPrivateKey = (path: string): Promise<KeyObject> => readKey(path, (pem) => createPrivateKey(pem))

/** The public half of either. Throws UserError `bad-key`. */
export const readPublicKey = (path: string): Promise<KeyObject> => readKey(path, (pem) => createPublicKey(pem))

async function readKey(path: string, parse: (pem: Buffer) => KeyObject): Promise<KeyObject> {
  const bytes = await readIfThere(path)
  if (!bytes) throw new UserError('bad-key', `there is no key at ${path}`, { found: 'no such file', expected, hint })
  let key: KeyObject
  try {
    key = parse(Buffer.from(bytes))
  } catch {
    throw new UserError('bad-key', `${path} holds no key that can be read`, {
      found: 'another file, or a key with a passphrase',
      expected,
      hint,
    })
  }
  if (key.asymmetricKeyType === 'ed25519') return key
  throw new UserError('bad-key', `${path} holds a key of another kind`, { found: key.asymmetricKeyType ?? 'unknown', expected, hint })
}

const form = z.strictObject({ algorithm: z.literal('ed25519'), publicKey: z.string(), signature: z.base64() })

/** The text of `manifest.sig`. */
export function signed(manifest: Uint8Array, key: KeyObject): string {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string
  const value: z.infer<typeof form> = { algorithm: 'ed25519', publicKey, signature: sign(null, manifest, key).toString('base64') }
  return `${JSON.stringify(value, null, 2)}\n`
}

/**
 * `unsigned`; `broken`: not of these bytes; `other-key`: of these bytes by another key than `trusted`; `untrusted`: of these bytes, by the key
 * that the file itself brings, which says nothing of who signed; `good`: of these bytes, by `trusted`.
 */
export type SignatureState = 'unsigned' | 'broken' | 'other-key' | 'untrusted' | 'good'

export async function signatureState(folder: string, manifest: Uint8Array, trusted?: KeyObject): Promise<SignatureState> {
  const bytes = await readIfThere(join(folder, signatureName))
  if (!bytes) return 'unsigned'
  try {
    const { publicKey, signature } = form.parse(JSON.parse(Buffer.from(bytes).toString()))
    const own = createPublicKey(publicKey)
    if (own.asymmetricKeyType !== 'ed25519' || !verify(null, manifest, own, Buffer.from(signature, 'base64'))) return 'broken'
    if (!trusted) return 'untrusted'
    return verify(null, manifest, trusted, Buffer.from(signature, 'base64')) ? 'good' : 'other-key'
  } catch {
    return 'broken'
  }
}
