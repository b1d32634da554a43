/** `peapod completion SHELL`: a completion script, made from the commands themselves. */
import { Command } from 'commander'
import { UserError } from '../errors.ts'
import { stageNames } from '../pipeline.ts'
import { listTargets } from '../target/profiles/load.ts'
import { backends } from '../training/backends/find-backend.ts'
import * as systems from './ci/index.ts'
import * as shells from './completion/index.ts'
import type { CommandDef, Io } from './define.ts'

type Loaders = Readonly<Record<string, () => Promise<CommandDef>>>

const names = Object.values(shells).map((s) => s.name)

/** Words that an option or the first argument takes, where there is a list of them. */
const valuesOf: Readonly<Record<string, () => readonly string[]>> = {
  '--target': listTargets,
  '--from': () => stageNames,
  '--until': () => stageNames,
  '--ci': () => Object.values(systems).map((s) => s.name),
  '--backend': () => ['auto', ...backends.map((b) => b.name)],
  targets: listTargets,
  completion: () => names,
  compare: () => ['baseline'],
}

export const completion =
  (loaders: Loaders): CommandDef =>
  (program, io) =>
    program
      .command('completion')
      .description(`print a completion script: eval "$(peapod completion bash)" in .bashrc; ${names.join(', ')}`)
      .argument('<shell>', names.join(', '))
      .action(async (name: string) => {
        const shell = Object.values(shells).find((s) => s.name === name)
        if (!shell) throw new UserError('unknown-shell', `there is no completion for ${name}`, { found: name, expected: names.join(', ') })
        io.out(shell.write(await describe(loaders, io)))
      })

/** What each command takes, as the command itself declares it. */
async function describe(loaders: Loaders, io: Io) {
  const program = new Command('peapod')
  for (const load of Object.values(loaders)) (await load())(program, io)
  return program.commands.map((command) => {
    const all = [command, ...command.commands]
    const options = all.flatMap((c) => [...c.options]).map((o) => ({ flag: o.long!, says: o.description, value: o.required || o.optional }))
    return {
      name: command.name(),
      says: command.description(),
      words: [...command.commands.map((c) => c.name()), ...(valuesOf[command.name()]?.() ?? [])],
      options: [...new Map([...options, { flag: '--help', says: 'what it takes', value: false }].map((o) => [o.flag, o])).values()].map(
        (o) => ({ ...o, words: (o.value && valuesOf[o.flag]?.()) || [] }),
      ),
    }
  })
}
