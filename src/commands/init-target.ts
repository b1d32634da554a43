/** `peapod init target [FILE]`: a profile to fill in, with a guide beside it. */
import { basename } from 'node:path'
import type { Command } from 'commander'
import { UserError } from '../errors.ts'
import { writeWhole } from '../runs/files.ts'
import { loadTarget } from '../target/profiles/load.ts'
import type { Io } from './define.ts'
import { refuseExisting } from './refuse-existing.ts'
import { targetGuide } from './target-guide.ts'

const template = 'systolic'

export const initTarget = (command: Command, io: Io): Command =>
  command
    .command('target')
    .description('write the profile of an accelerator of your own, and a guide to its keys and facts beside it')
    .argument('[file]', 'the profile to write', 'my-accelerator.json')
    .option('--from <name>', 'the target whose profile is the start', template)
    .option('--force', 'overwrite files that are there')
    .action(async (file: string, _options: object, own: Command) => {
      const { from, force } = own.optsWithGlobals<{ from: string; force?: true }>() // init has a --force too, which takes it
      const name = nameOf(file)
      const guide = file.replace(/\.json$/, '.md')
      if (!force) refuseExisting([file, guide])
      const { $schema: _, abstract: __, extends: ___, ...profile } = loadTarget(from)
      const mine = { ...profile, name, title: `My accelerator, from ${profile.title}` }
      await writeWhole(file, `${JSON.stringify(mine, null, 2)}\n`)
      await writeWhole(guide, targetGuide(basename(file), loadTarget(file)))
      io.out(`${file}\n${guide}\n`)
      io.err(`Fill in the numbers with their sources; then: peapod check M.tflite --target ${file}\n`)
    })

/** A target's name is in kebab case; it comes from that of the file. */
function nameOf(file: string): string {
  const name = basename(file, '.json').toLowerCase()
  if (!file.endsWith('.json') || !/^[a-z0-9-]+$/.test(name))
    throw new UserError('bad-name', `${file} is no name for a profile`, {
      found: file,
      expected: 'letters, digits and hyphens, and .json at the end',
    })
  return name
}
