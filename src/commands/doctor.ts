/** `peapod doctor`: what this machine has, and what is missing. */
import { availableParallelism, homedir, hostname, totalmem, userInfo } from 'node:os'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { projectFileName } from '../config/load.ts'
import { runnerKinds } from '../device/open.ts'
import { table } from '../report/writers/text.ts'
import { bytes } from '../report/writers/words.ts'
import { readIfThere, writeWhole } from '../runs/files.ts'
import { manifestName } from '../runs/manifest.ts'
import { compilers } from '../target/compilers/find-compiler.ts'
import { backends } from '../training/backends/find-backend.ts'
import { version } from '../version.ts'
import { type CommandDef, json } from './define.ts'
import { redact } from './redact.ts'
import { refuseExisting } from './refuse-existing.ts'

export const doctor: CommandDef = (program, io) =>
  program
    .command('doctor')
    .description('say what this machine has for Peapod, and what is missing')
    .option('--json', 'print it as JSON')
    .option('--zip <file>', 'pack it, and the project file, without names, paths, serials and secrets: to be shown to others')
    .option('--run <dir>', 'with --zip, also what this run folder says of itself')
    .action(async (options: { json?: true; zip?: string; run?: string }) => {
      if (options.zip !== undefined) refuseExisting([options.zip])
      const runners = await Promise.all(
        runnerKinds.map(async ({ scheme, says, missing }) => ({ scheme, says, missing: (await missing(`${scheme}:`)) ?? null })),
      )
      const tools = await Promise.all(compilers.map(async ({ name, says, find }) => ({ name, says, ...(await find()) })))
      const trainers = []
      // One after the other: each becomes the backend of tfjs in this process.
      for (const { name, gives, probe, wouldFallBack } of backends) {
        const { ready, says } = await probe().catch((error: Error) => ({ ready: false, says: error.message }))
        trainers.push({ name, ready, state: says, gives, fallbacks: Object.fromEntries(ready ? (wouldFallBack?.() ?? []) : []) })
      }
      const facts = {
        peapod: version,
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
        cores: availableParallelism(),
        memoryBytes: totalmem(),
        runners,
        backends: trainers,
        compilers: tools,
      }
      if (options.zip !== undefined) {
        const packed = await pack({ 'doctor.json': json(facts) }, options.run)
        await writeWhole(options.zip, packed.zip)
        return io.out(`${options.zip}: ${packed.names.join(', ')}; look into it before you send it\n`)
      }
      if (options.json) return io.out(json(facts))
      io.out(`peapod ${facts.peapod}, Node ${facts.node}, ${facts.platform}, ${facts.cores} cores, ${bytes(facts.memoryBytes)} of memory\n`)
      io.out(
        `${table(
          ['backend', 'state', 'trains'],
          trainers.map(({ name, state, gives }) => [name, state, gives]),
        ).join('\n')}\n`,
      )
      for (const { name, fallbacks } of trainers)
        for (const why of new Set(Object.values(fallbacks))) {
          const kernels = Object.keys(fallbacks).filter((kernel) => fallbacks[kernel] === why)
          io.out(`${name} falls back, ${why}: ${kernels.join(', ')}\n`)
        }
      io.out('\n')
      io.out(
        `${table(
          ['runner', 'state', 'form'],
          runners.map((r) => [`${r.scheme}:`, r.missing ? `${r.missing.what}: ${r.missing.hint}` : 'ready', r.says]),
        ).join('\n')}\n`,
      )
      const state = tools.map((t) => [t.name, 'version' in t ? `${t.version} at ${t.command.join(' ')}` : `${t.what}: ${t.hint}`, t.says])
      io.out(`\n${table(['compiler', 'state', 'what'], state).join('\n')}\n`)
    })

/** Of a run: what it was made with and what came of it; no model, no image, no report of either. */
const runFiles = [manifestName, 'config.json', 'target.json', 'report.txt']

async function pack(made: Readonly<Record<string, string>>, run: string | undefined) {
  const there = [projectFileName, ...(run === undefined ? [] : runFiles.map((name) => join(run, name)))]
  const read = await Promise.all(there.map(async (path) => [path.split(/[\\/]/).at(-1)!, await readIfThere(path)] as const))
  const texts = {
    ...made,
    ...Object.fromEntries(read.flatMap(([name, content]) => (content ? [[name, Buffer.from(content).toString()]] : []))),
  }
  const secrets = { user: userInfo().username, home: homedir(), host: hostname(), environment: process.env }
  const files = Object.entries(texts).map(([name, text]) => [name, strToU8(redact(text, secrets))] as const)
  return { names: files.map(([name]) => name), zip: zipSync(Object.fromEntries(files)) }
}
