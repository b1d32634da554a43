/** A report that may be shown to others: without who, where and on what. */

/** What this machine would give away. */
export type Secrets = {
  readonly user: string
  readonly home: string
  readonly host: string
  /** Environment variables: those whose names speak of secrets are taken out wherever their values stand. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

const secretName = /token|secret|passw|credential|api[-_]?key|private|auth/i

/** Forms that are recognised without knowing them; the first group stays. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g, '<secret>'],
  [/\b(?:gh[pousr]_|github_pat_|glpat-|npm_|xox[abprs]-|sk-|AKIA|ASIA)[\w-]{8,}/g, '<secret>'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<secret>'],
  [/((?:bearer|basic) )[\w+/=.~-]{8,}/gi, '$1<secret>'],
  [/((?:token|secret|password|passwd|credential|api[-_]?key)["']?\s*[:=]\s*)(["'])(?:(?!\2)[^\n])*\2/gi, '$1$2<secret>$2'],
  [/((?:token|secret|password|passwd|credential|api[-_]?key)\s*[:=]\s*)[^\s"',;}]+/gi, '$1<secret>'],
  [/(\b[a-z][a-z+]*:\/\/)[^\s/@"']+@[^\s/:?"']+/gi, '$1<user>@<host>'],
  [/(\badb:)(?![\s[/?"']|$)[^\s/?"',)]+/g, '$1<serial>'],
  [/(\/dev\/serial\/by-(?:id|path)\/)[^\s?&"',)]+/g, '$1<serial>'],
  [/(\bserial(?:no| number)?["']?\s*[:=]\s*["']?)(?!\/dev\/tty|tcp:)[\w-]{4,}/gi, '$1<serial>'],
  [/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, '<address>'],
  [/\b(?!127\.0\.0\.1\b)(?:\d{1,3}\.){3}\d{1,3}\b/g, '<address>'],
  [/((?:\/home\/|\/Users\/|[A-Z]:\\\\?Users\\\\?))[^\s/\\"',:]+/g, '$1<user>'],
]

/** The words of this machine go first, the longest before those inside it; then what looks like a secret. */
export function redact(text: string, { user, home, host, environment }: Secrets): string {
  const values = Object.entries(environment).flatMap(([name, value]) =>
    secretName.test(name) && value && value.length >= 6 ? [value] : [],
  )
  const words: [string, string][] = [
    ...values.map((value): [string, string] => [value, '<secret>']),
    [home, '~'],
    [host, '<host>'],
    [host.split('.')[0]!, '<host>'],
    [user, '<user>'],
  ]
  const known = words.filter(([word]) => word.length > 1).sort(([a], [b]) => b.length - a.length)
  const plain = known.reduce((all, [word, name]) => all.replace(wordOf(word), name), text)
  return forms.reduce((all, [form, name]) => all.replace(form, name), plain)
}

/** As a word of its own; in JSON too, where backslashes are doubled. */
function wordOf(word: string): RegExp {
  const exact = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\w])(?:${exact(word)}|${exact(word.replaceAll('\\', '\\\\'))})(?![\\w])`, 'gi')
}
