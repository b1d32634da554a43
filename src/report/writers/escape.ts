/** Names that others chose, made harmless and visible in each form. */

/** Controls, marks that turn the direction of text, what has no width, and halves of pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to show
const unseen = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]|\p{Cs}/gu

export const longest = 120

/** Nothing hidden is left; lines stay. */
export const visible = (text: string): string => text.replace(unseen, (c) => (c === '\n' ? c : escapeOf(c)))

const escapeOf = (c: string): string => `\\u{${c.codePointAt(0)!.toString(16)}}`

/** On one line, with what cannot be seen as `\u{…}`, and cut at `most` characters. */
export function shown(name: string, most = longest): string {
  const points = name.length > most ? [...name] : undefined
  const cut = points && points.length > most ? `${points.slice(0, most).join('')}… (${points.length} characters)` : name
  return cut.replace(unseen, escapeOf)
}

/** JSON of anything, lossless: what cannot be seen stands as its escape. */
export const jsonText = (value: unknown): string =>
  `${JSON.stringify(value, null, 2).replace(unseen, (c) => (c === '\n' ? c : unitsOf(c)))}\n`

const unitsOf = (c: string): string =>
  Array.from({ length: c.length }, (_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** For text and quoted attributes of HTML. */
export const html = (name: string, most?: number): string => shown(name, most).replace(/[&<>"']/g, (c) => entities[c]!)

/** For Markdown: no character of the name has a meaning; a dash has one at the start of a line alone. */
export const markdown = (name: string, most?: number): string =>
  shown(name, most).replace(/^-|[\\`*_{}[\]()#+!|<>&~@:$]/g, (c) => `&#${c.charCodeAt(0)};`)

/** A cell of CSV (RFC 4180); a spreadsheet takes none of them for a formula. */
export function csv(cell: string | number): string {
  if (typeof cell === 'number') return `${cell}`
  const text = shown(cell, 1000)
  return `"${(/^[=+\-@]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
}

/** A short digest of words that tells one entry from another (FNV-1a, 2 x 32 bits); no protection against malice. */
export function fingerprint(...words: readonly string[]): string {
  const hash = (seed: number) => {
    let h = seed
    for (const c of words.join('\u0000')) h = Math.imul(h ^ c.codePointAt(0)!, 0x01000193)
    return (h >>> 0).toString(16).padStart(8, '0')
  }
  return hash(0x811c9dc5) + hash(0x9747b28c)
}
