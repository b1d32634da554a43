/** `peapod clean`: removes run folders by a policy; without `--yes` it only says which. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import { bytes } from '../report/writers/words.ts'
import { listRuns, type Policy, reasonsToGo } from '../runs/list.ts'
import { takeLock } from '../runs/lock.ts'
import { type CommandDef, json } from './define.ts'
import { known } from './runs.ts'

type Options = { olderThan?: string; keep?: string; failed?: true; unfinished?: true; yes?: true; json?: true }

export const clean: CommandDef = (program, io) =>
  program
    .command('clean')
    .description('remove run folders by a policy; says which, and removes them with --yes alone')
    .argument('[dir]', 'the folder that they lie in', 'runs')
    .option('--older-than <age>', 'those not touched for so long, such as 30d or 12h')
    .option('--keep <n>', 'all but the last n of each target and data set')
    .option('--failed', 'those whose verdict is fail')
    .option('--unfinished', 'those that did not come to their end')
    .option('--yes', 'remove them')
    .option('--json', 'print as JSON')
    .action(async (folder: string, options: Options) => {
      const policy = policyOf(options)
      const runs = await listRuns(folder, known)
      const going = reasonsToGo(runs, policy, Date.now())
      for (const run of runs) if (run.foreign.length) io.err(`${run.path} stays: it holds ${run.foreign.join(', ')}, not of Peapod\n`)
      if (options.yes) for (const run of going.keys()) await removeRun(run.path)
      const freed = [...going.keys()].reduce((sum, run) => sum + run.bytes, 0)
      const removed = options.yes === true
      if (options.json) return io.out(json({ removed, bytes: freed, runs: [...going].map(([run, why]) => ({ path: run.path, why })) }))
      for (const [run, why] of going) io.out(`${run.path}: ${why}, ${bytes(run.bytes)}\n`)
      io.out(`${going.size} of ${runs.length} run folders, ${bytes(freed)}${removed ? ' removed' : '; --yes removes them'}\n`)
    })

/** A run that begins at the same moment finds the lock taken. */
async function removeRun(path: string): Promise<void> {
  await takeLock(join(path, 'lock'))
  await rm(path, { recursive: true, force: true })
}

const unitsMs = { d: 86_400_000, h: 3_600_000, m: 60_000 } as const

function policyOf({ olderThan, keep, failed, unfinished }: Options): Policy {
  if (olderThan === undefined && keep === undefined && !failed && !unfinished)
    throw new UserError('no-policy', 'clean needs to be told which runs go', { expected: '--older-than, --keep, --failed or --unfinished' })
  const [, count, unit] = olderThan?.match(/^(\d+)([dhm])$/) ?? []
  if (olderThan !== undefined && count === undefined)
    throw new UserError('bad-option', '--older-than wants a number and d, h or m', { found: olderThan, expected: 'such as 30d' })
  if (keep !== undefined && !/^\d+$/.test(keep)) throw new UserError('bad-option', '--keep wants a whole number', { found: keep })
  return {
    ...(count !== undefined && { olderThanMs: Number(count) * unitsMs[unit as keyof typeof unitsMs] }),
    ...(keep !== undefined && { keep: Number(keep) }),
    ...(failed && { failed }),
    ...(unfinished && { unfinished }),
  }
}
