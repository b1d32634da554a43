/** `peapod verify-manifest RUN`: whether the files of a run are still those that its manifest lists, and who signed it. */
import { exitCodes } from '../errors.ts'
import { changeText, findChanges } from '../runs/changes.ts'
import { readManifest } from '../runs/manifest.ts'
import { readPublicKey, type SignatureState, signatureState } from '../runs/signature.ts'
import { type CommandDef, json } from './define.ts'

const says: Readonly<Record<SignatureState, string>> = {
  unsigned: 'the manifest is not signed',
  broken: 'the signature is not one of this manifest',
  'other-key': 'the signature is one of this manifest, by another key than yours',
  untrusted: 'the signature is one of this manifest, by the key that it brings itself: give --key to know whose',
  good: 'the signature is one of this manifest, by your key',
}

export const verifyManifest: CommandDef = (program, io) =>
  program
    .command('verify-manifest')
    .description(
      'hold the files of a run against its manifest; exit code 1 names each file that changed, and a signature that does not hold',
    )
    .argument('<run>', 'a run folder')
    .option('--key <file>', 'the ed25519 public key (PEM) that must have signed it')
    .option('--json', 'print as JSON')
    .action(async (folder: string, options: { key?: string; json?: true }) => {
      const trusted = options.key === undefined ? undefined : await readPublicKey(options.key)
      const { manifest, bytes } = await readManifest(folder)
      const changes = await findChanges(folder, manifest.files)
      const signature = await signatureState(folder, bytes, trusted)
      const holds = trusted ? signature === 'good' : signature !== 'broken'
      const files = Object.keys(manifest.files).length
      if (options.json) io.out(json({ run: folder, files, changes, signature, holds: holds && changes.length === 0 }))
      else {
        for (const change of changes) io.out(`${changeText(change)}\n`)
        io.out(`${files - changes.length} of ${files} files are as the manifest says; ${says[signature]}\n`)
      }
      if (changes.length || !holds) io.exit(exitCodes.gate)
    })
