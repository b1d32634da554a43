/** `report.json`: the report as it is. */
import type { Report } from '../define.ts'
import type { Writer } from './define.ts'

export const json = {
  name: 'json',
  file: 'report.json',
  write: (report: Report) => `${JSON.stringify(report, null, 2)}\n`,
} satisfies Writer
