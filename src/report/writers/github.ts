/** Workflow commands of GitHub Actions: a step prints this file, and each line becomes an annotation. */
import type { Severity } from '../../target/define.ts'
import type { Report } from '../define.ts'
import type { Writer } from './define.ts'
import { shown } from './escape.ts'
import { troublesOf } from './troubles.ts'

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' }

const data = (text: string) => shown(text, 1000).replaceAll('%', '%25')
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

export const github = {
  name: 'github',
  file: 'annotations.txt',
  write: (report: Report) =>
    troublesOf(report)
      .map(({ code, severity, says, hint, place }) => {
        const title = property(place ? `${code} at ${place.name}` : code)
        return `::${commands[severity]} title=${title}::${data(hint ? `${says}. ${hint}` : says)}\n`
      })
      .join(''),
} satisfies Writer
