/** `report.json`: the report as it is. */
import type { Writer } from './define.ts'

export const json: Writer = { name: 'json', file: 'report.json', write: (report) => `${JSON.stringify(report, null, 2)}\n` }
