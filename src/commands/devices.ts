/** `peapod devices`: what is reachable from here, who holds it, and what runs there. */
import { deviceHolder, heldDevices } from '../device/lock/lock.ts'
import { openRunner, runnerKind, runnerKinds } from '../device/open.ts'
import type { UserError } from '../errors.ts'
import { table } from '../report/writers/text.ts'
import { type CommandDef, json } from './define.ts'
import { readTimeout } from './limits.ts'

type Row = { uri: string; state: string; facts: Readonly<Record<string, string>>; heldBy?: string }

export const devices: CommandDef = (program, io) =>
  program
    .command('devices')
    .description('list what is reachable, who holds it and what runs there')
    .argument(
      '[uris...]',
      'runners to ask; those that this machine sees where none is named, and boards among them are not opened, since that may reset them',
    )
    .option('--timeout <ms>', 'how long each may take to answer', '10000')
    .option('--json', 'print as JSON')
    .action(async (uris: string[], options: { timeout: string; json?: true }) => {
      const timeoutMs = readTimeout(options.timeout)
      for (const uri of uris) runnerKind(uri)
      const seen = uris.length ? uris : (await Promise.all(runnerKinds.map(async (kind) => (await kind.list?.()) ?? []))).flat()
      const rows = await Promise.all(seen.map((uri) => rowOf(uri, uris.length > 0, timeoutMs, io.signal)))
      const listed = new Set(await Promise.all(rows.map(({ uri }) => runnerKind(uri).device?.(uri))))
      const others = (uris.length ? [] : await heldDevices()).filter(({ device }) => !listed.has(device))
      for (const { device, pid, user, since } of others)
        rows.push({ uri: device, state: 'in use', facts: {}, heldBy: `process ${pid} of ${user} since ${since}` })
      if (options.json) return io.out(json(rows))
      const said = rows.map(({ uri, state, facts, heldBy }) => [
        uri,
        state,
        heldBy ??
          Object.entries(facts)
            .map(([name, fact]) => `${name} ${fact}`)
            .join(', '),
      ])
      io.out(`${table(['device', 'state', 'what'], said).join('\n')}\n`)
    })

async function rowOf(uri: string, asked: boolean, timeoutMs: number, signal: AbortSignal): Promise<Row> {
  const kind = runnerKind(uri)
  const holder = kind.device && (await deviceHolder(await kind.device(uri)))
  if (holder) return { uri, state: 'in use', facts: {}, heldBy: `process ${holder.pid} of ${holder.user} since ${holder.since}` }
  if (kind.device && !asked) return { uri, state: 'free', facts: {} }
  try {
    const runner = await openRunner(uri, { timeoutMs, signal })
    try {
      return { uri, state: 'ready', facts: (await runner.describe()).facts }
    } finally {
      await runner.close()
    }
  } catch (error) {
    const { code, message } = error as UserError
    return { uri, state: code ?? 'failed', facts: { says: message } }
  }
}
