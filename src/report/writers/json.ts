/** `report.json`: the report as it is. */
import type { Report } from '../define.ts'
import type { Writer } from './define.ts'
import { jsonText } from './escape.ts'

export const json = {
  name: 'json',
  file: 'report.json',
  write: (report: Report) => jsonText(report),
} satisfies Writer
