/** Takes secrets and serial numbers out of words that people and files get: every door calls this and nothing else. */

const hidden = '***'

/** Names whose value is a secret, as a flag, a key of a query, an environment variable or a field of JSON. */
const secretNames =
  '(?:pass(?:word|wd|phrase)?|pwd|secret|(?:[a-z0-9]+[_-])*token|(?:[a-z0-9]+[_-])*(?:api|access|private|secret)[_-]?key|credentials?|authorization)'
const value = String.raw`(\\?)(["']?)((?<=["'])[^"'\n\\]*|[^\s"'&,;\\]+)`

const rules: readonly (readonly [RegExp, (...found: string[]) => string])[] = [
  // user:password@host of any URI.
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s/:@?#"']*):[^\s/@"']+@/gi, (_, before) => `${before}:${hidden}@`],
  [/\b(Bearer|Basic) [A-Za-z0-9+/=._~-]{6,}/g, (_, kind) => `${kind} ${hidden}`],
  // --token X, --token=X, token=X, and two words of a JSON array.
  [
    new RegExp(String.raw`(--?${secretNames}(?:=| +|\\?"\s*,\s*(?=\\?")))${value}`, 'gi'),
    (_, before, slash, quote) => `${before}${slash}${quote}${hidden}`,
  ],
  [new RegExp(String.raw`((?<![\w-])${secretNames}=)${value}`, 'gi'), (_, before, slash, quote) => `${before}${slash}${quote}${hidden}`],
  // Shapes that the big services give their tokens.
  [
    /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)/g,
    () => hidden,
  ],
  [
    /\badb:([A-Za-z0-9][\w.-]*(?::\d{1,5}(?!\d))?)/g,
    (whole, serial) => (isAddress(serial!) || serial === 'SERIAL' ? whole : `adb:${tagOf(serial!)}`),
  ],
  [/\bdevice '([^'~][^']*)' (?=not found|offline)/g, (whole, serial) => (isAddress(serial!) ? whole : `device '${tagOf(serial!)}' `)],
  [/(\/dev\/serial\/by-id\/)([\w.:+-]+)/g, (_, folder, name) => `${folder}${tagOf(name!)}`],
]

/** HOST:PORT, where adb's serial is no serial number. */
export const isAddress = (serial: string): boolean => /^.+:\d{1,5}$/.test(serial)

/**
 * What stands for a serial number: the same for the same device, so that devices can be told apart and named again by it; 24 bits
 * of a digest (FNV-1a), too few to find the number by.
 */
export function tagOf(serial: string): string {
  let h = 0x811c9dc5
  for (const c of serial) h = Math.imul(h ^ c.codePointAt(0)!, 0x01000193)
  return `~${((h >>> 8) & 0xffffff).toString(16).padStart(6, '0')}`
}

export const redact = (text: string): string => rules.reduce((said, [what, by]) => said.replace(what, by), text)

/** The same for all strings in a value of JSON, names of fields too. */
export function redactAll<T>(value: T): T {
  if (typeof value === 'string') return redact(value) as T
  if (Array.isArray(value)) return value.map((each) => redactAll(each as unknown)) as T
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [redact(name), redactAll(each)])) as T
}
