/** `peapod doctor`: what this machine has, and what is missing. */
import { availableParallelism, totalmem } from 'node:os'
import { runnerKinds } from '../device/open.ts'
import { table } from '../report/writers/text.ts'
import { bytes } from '../report/writers/words.ts'
import { version } from '../version.ts'
import { type CommandDef, json } from './define.ts'

export const doctor: CommandDef = (program, io) =>
  program
    .command('doctor')
    .description('say what this machine has for Peapod, and what is missing')
    .option('--json', 'print it as JSON')
    .action(async (options: { json?: true }) => {
      const runners = await Promise.all(
        runnerKinds.map(async ({ scheme, says, missing }) => ({ scheme, says, missing: (await missing(`${scheme}:`)) ?? null })),
      )
      const facts = {
        peapod: version,
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
        cores: availableParallelism(),
        memoryBytes: totalmem(),
        runners,
      }
      if (options.json) return io.out(json(facts))
      io.out(`peapod ${facts.peapod}, Node ${facts.node}, ${facts.platform}, ${facts.cores} cores, ${bytes(facts.memoryBytes)} of memory\n`)
      io.out(
        `${table(
          ['runner', 'state', 'form'],
          runners.map((r) => [`${r.scheme}:`, r.missing ? `${r.missing.what}: ${r.missing.hint}` : 'ready', r.says]),
        ).join('\n')}\n`,
      )
    })
