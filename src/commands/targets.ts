/** `peapod targets`: which targets there are; with a name, its profile and the manual of its rules. */
import { table } from '../report/writers/text.ts'
import { listTargets, loadTarget } from '../target/profiles/load.ts'
import { type CommandDef, json } from './define.ts'
import { targetText } from './target-text.ts'

export const targets: CommandDef = (program, io) =>
  program
    .command('targets')
    .description('list the targets, or print the profile of one with its sources and the manual of its rules')
    .argument('[name]', 'a target, or the path of a profile')
    .option('--json', 'print as JSON')
    .action((name: string | undefined, options: { json?: true }) => {
      if (name !== undefined) return io.out(options.json ? json(loadTarget(name)) : targetText(loadTarget(name)))
      const names = listTargets()
      if (options.json) return io.out(json(names))
      const rows = names.map(loadTarget).map((target) => [target.name, target.title, target.artefact])
      io.out(`${table(['target', 'machine', 'takes'], rows).join('\n')}\n`)
    })
