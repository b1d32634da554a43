/** The layer table for a spreadsheet. */

import type { Report } from '../define.ts'
import { layerRows } from '../layer-rows.ts'
import type { Writer } from './define.ts'
import { csv as cell } from './escape.ts'

const columns = [
  'node',
  'layer',
  'op',
  'place',
  'macs',
  'moved_bytes',
  'cycles',
  'share',
  'bound_by',
  'compiled_cycles',
  'sqnr_db',
] as const

export const csv = {
  name: 'csv',
  file: 'layers.csv',
  write: (report: Report) => {
    const rows = layerRows(report).map((l, i) =>
      [i, l.name, l.op, l.place, l.macs, l.movedBytes, l.cycles, l.share, l.boundBy, l.compiledCycles, l.sqnrDb]
        .map((v) => (v === undefined || v === null ? '' : cell(v)))
        .join(','),
    )
    return `${[columns.join(','), ...rows].join('\r\n')}\r\n`
  },
} satisfies Writer
