/** GitLab's code quality report: a job's `artifacts:reports:codequality` shows it in the merge request. */
import type { Severity } from '../../target/define.ts'
import type { Report } from '../define.ts'
import type { Writer } from './define.ts'
import { fingerprint, jsonText, shown } from './escape.ts'
import { troublesOf } from './troubles.ts'

const severities: Readonly<Record<Severity, string>> = { error: 'critical', warning: 'minor', note: 'info' }

export const gitlab = {
  name: 'gitlab',
  file: 'gl-code-quality.json',
  write: (report: Report) => {
    const entries = troublesOf(report).map(({ code, severity, says, hint, place }, i) => ({
      description: shown([says, hint, place && `at ${place.name}`].filter(Boolean).join('. '), 1000),
      check_name: shown(code),
      fingerprint: fingerprint(report.target, code, place?.name ?? '', `${place?.node ?? ''}`, place ? `${i}` : ''),
      severity: severities[severity],
      location: { path: place ? shown(report.model.file) : 'peapod.json', lines: { begin: Math.max(0, place?.node ?? 0) + 1 } },
    }))
    return jsonText(entries)
  },
} satisfies Writer
