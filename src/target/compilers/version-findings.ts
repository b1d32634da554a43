/** Whether a compiler is one that the target's rules and prices follow. */
import type { Finding } from '../define.ts'
import type { Target } from '../profiles/schema.ts'

export function versionFindings({ compiler, title }: Target, version: string): readonly Finding[] {
  // A profile may name a line of versions, such as 16.0.
  if (!compiler || compiler.versions.some((known) => version === known || version.startsWith(`${known}.`))) return []
  return [
    {
      code: 'compiler-version',
      severity: 'warning',
      node: -1,
      op: '',
      place: compiler.name,
      says: `the rules and prices of ${title} are those of ${compiler.name} ${compiler.versions.join(', ')}`,
      found: `${compiler.name} ${version}`,
      hint: 'Its figures and placement may differ from ours for that reason alone: install a version that the profile names.',
    },
  ]
}
