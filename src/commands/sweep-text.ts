/** A sweep over sizes as a table. */
import { table } from '../report/writers/text.ts'
import { bytes, grouped, milliseconds } from '../report/writers/words.ts'
import type { Sweep } from '../target/sweep/sweep.ts'

export function sweepText({ target, model, rows }: Sweep): string {
  const cells = rows.map((row) =>
    'cannot' in row
      ? [`${row.height} x ${row.width}`, '', '', '', '', '', '', '', row.cannot]
      : [
          `${row.height} x ${row.width}`,
          String(row.accelerator),
          String(row.cpu),
          String(row.segments),
          bytes(row.crossingBytes),
          bytes(row.arenaBytes),
          grouped(row.macs),
          `${milliseconds(row.latencyMs)}${row.unpriced.length > 0 ? ' and more' : ''}`,
          row.falls.join('; '),
        ],
  )
  const head = ['input', 'accelerator', 'CPU', 'parts', 'crossing', 'arena', 'MACs', 'latency', 'falls off']
  return `${[...table(head, cells), '', `${target}, latency ESTIMATED by ${model}`].join('\n')}\n`
}
