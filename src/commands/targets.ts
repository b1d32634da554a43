/** `peapod targets`: which targets there are; with a name, its profile and the manual of its rules. */
import { listTargets, loadTarget } from '../target/profiles/load.ts'
import { type CommandDef, json } from './define.ts'

export const targets: CommandDef = (program, io) =>
  program
    .command('targets')
    .description('list the targets, or print the profile of one')
    .argument('[name]', 'a target, or the path of a profile')
    .option('--json', 'print as JSON')
    .action((name: string | undefined, options: { json?: true }) => {
      if (name !== undefined) return io.out(json(loadTarget(name)))
      const names = listTargets()
      io.out(options.json ? json(names) : `${names.join('\n')}\n`)
    })
