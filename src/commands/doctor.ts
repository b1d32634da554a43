/** `peapod doctor`: what this machine has, and what is missing. */
import { availableParallelism, totalmem } from 'node:os'
import { runnerKinds } from '../device/open.ts'
import { table } from '../report/writers/text.ts'
import { bytes } from '../report/writers/words.ts'
import { compilers } from '../target/compilers/compile.ts'
import { howToGet, installedPackage } from '../training/backends/tensorflow/tensorflow.ts'
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
      const tools = await Promise.all(compilers.map(async ({ name, says, find }) => ({ name, says, ...(await find()) })))
      const facts = {
        peapod: version,
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
        cores: availableParallelism(),
        memoryBytes: totalmem(),
        runners,
        backends: [
          { name: 'wasm', state: 'ready', says: 'compiled steps on our own kernels, all cores: the fastest here' },
          {
            name: 'tensorflow',
            state: installedPackage() ?? `not installed: ${howToGet}`,
            says: 'any tfjs layer but dilated ones, on TensorFlow; -gpu was not tried on a GPU yet',
          },
          { name: 'eager', state: 'ready', says: 'any tfjs layer, operation by operation on one core: the slowest' },
        ],
        compilers: tools,
      }
      if (options.json) return io.out(json(facts))
      io.out(`peapod ${facts.peapod}, Node ${facts.node}, ${facts.platform}, ${facts.cores} cores, ${bytes(facts.memoryBytes)} of memory\n`)
      io.out(
        `${table(
          ['backend', 'state', 'trains'],
          facts.backends.map(({ name, state, says }) => [name, state, says]),
        ).join('\n')}\n\n`,
      )
      io.out(
        `${table(
          ['runner', 'state', 'form'],
          runners.map((r) => [`${r.scheme}:`, r.missing ? `${r.missing.what}: ${r.missing.hint}` : 'ready', r.says]),
        ).join('\n')}\n`,
      )
      const state = tools.map((t) => [t.name, 'version' in t ? `${t.version} at ${t.command.join(' ')}` : `${t.what}: ${t.hint}`, t.says])
      io.out(`\n${table(['compiler', 'state', 'what'], state).join('\n')}\n`)
    })
