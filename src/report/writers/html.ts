/** One self-contained HTML page. */
import type { Report } from '../define.ts'
import { page } from '../page/page.ts'
import type { Picture, Writer } from './define.ts'

export const html = {
  name: 'html',
  file: 'report.html',
  write: (report: Report, pictures: readonly Picture[] = []) => page(report, pictures),
} satisfies Writer
