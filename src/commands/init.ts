/** `peapod init target [FILE]`: a profile to fill in, with a guide beside it. */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { UserError } from '../errors.ts'
import { writeWhole } from '../runs/files.ts'
import { loadTarget } from '../target/profiles/load.ts'
import type { CommandDef } from './define.ts'
import { targetGuide } from './target-guide.ts'

const template = 'systolic'

export const init: CommandDef = (program, io) => {
  const command = program.command('init').description('write a file to start from')
  command
    .command('target')
    .description('write the profile of an accelerator of your own, and a guide to its keys and facts beside it')
    .argument('[file]', 'the profile to write', 'my-accelerator.json')
    .option('--from <name>', 'the target whose profile is the start', template)
    .option('--force', 'overwrite files that are there')
    .action(async (file: string, { from, force }: { from: string; force?: true }) => {
      const name = nameOf(file)
      const guide = file.replace(/\.json$/, '.md')
      for (const path of [file, guide])
        if (existsSync(path) && !force)
          throw new UserError('file-exists', `${path} is there already`, { found: path, hint: 'Give another name, or --force.' })
      const { $schema: _, abstract: __, extends: ___, ...profile } = loadTarget(from)
      const own = { ...profile, name, title: `My accelerator, from ${profile.title}` }
      await writeWhole(file, `${JSON.stringify(own, null, 2)}\n`)
      await writeWhole(guide, targetGuide(basename(file), loadTarget(file)))
      io.out(`${file}\n${guide}\n`)
      io.err(`Fill in the numbers with their sources; then: peapod check M.tflite --target ${file}\n`)
    })
  return command
}

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
