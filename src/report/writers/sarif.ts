/** SARIF 2.1.0 (OASIS): findings and gates that are not kept, for code scanning. */
import type { Severity } from '../../target/define.ts'
import type { Report } from '../define.ts'
import type { Writer } from './define.ts'
import { fingerprint, jsonText, shown } from './escape.ts'
import { type Trouble, troublesOf } from './troubles.ts'

export const sarif = {
  name: 'sarif',
  file: 'findings.sarif',
  write: (report: Report) => jsonText(logOf(report)),
} satisfies Writer

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'note' }
const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
const most = 1000

function logOf(report: Report) {
  const troubles = troublesOf(report)
  const codes = [...new Set(troubles.map(({ code }) => code))]
  const { file, sha256, bytes } = report.model
  return {
    $schema: schema,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'peapod',
            version: shown(report.peapod),
            rules: codes.map((code) => ruleOf(code, troubles.find((t) => t.code === code)!)),
          },
        },
        automationDetails: { id: `peapod/${shown(report.target)}/` },
        artifacts: [{ location: { uri: encodeURI(shown(file)) }, length: bytes, hashes: { 'sha-256': shown(sha256) } }],
        invocations: [{ executionSuccessful: true, exitCode: report.verdict.exitCode }],
        results: troubles.map((t) => resultOf(t, codes.indexOf(t.code), file)),
        columnKind: 'utf16CodeUnits',
      },
    ],
  }
}

const ruleOf = (id: string, { rule, hint, severity }: Trouble) => ({
  id: shown(id),
  shortDescription: { text: shown(rule, most) },
  ...(hint && { help: { text: shown(hint, most) } }),
  defaultConfiguration: { level: levels[severity] },
})

function resultOf({ code, severity, says, hint, place }: Trouble, ruleIndex: number, file: string) {
  const logical = place && {
    logicalLocations: [{ name: shown(place.name), fullyQualifiedName: shown(`${place.node}/${place.op}/${place.name}`), kind: 'member' }],
  }
  return {
    ruleId: shown(code),
    ruleIndex,
    level: levels[severity],
    message: { text: shown(hint ? `${says}. ${hint}` : says, most) },
    locations: [{ physicalLocation: { artifactLocation: { uri: encodeURI(shown(file)), index: 0 } }, ...logical }],
    partialFingerprints: { 'peapodTrouble/v1': fingerprint(code, place?.name ?? '', place?.op ?? '', `${place?.node ?? ''}`) },
  }
}
