/** Names and texts that come from a model, made safe for C: nothing in a file may end a comment, a string or a line. */

const reserved = new Set(
  (
    'alignas alignof and asm auto bitand bitor bool break case catch char class compl const constexpr continue default delete do double ' +
    'else enum explicit export extern false float for friend goto if inline int long mutable namespace new not nullptr operator or private ' +
    'protected public register restrict return short signed sizeof static struct switch template this throw true try typedef typeid ' +
    'typename union unsigned using virtual void volatile while xor main'
  ).split(' '),
)

/** An identifier of C and C++, also as the beginning of others: letters, digits and single underscores, starting with a letter. */
export function identifier(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 48)
    .replace(/_+$/, '')
  return /^[A-Za-z]/.test(plain) && !reserved.has(plain) ? plain : `model${plain ? `_${plain}` : ''}`
}

/** A string literal; bytes outside printable ASCII, and question marks (trigraphs), are octal escapes of UTF-8. */
export function stringLiteral(text: string): string {
  const bytes = new TextEncoder().encode(text)
  const safe = (byte: number) => byte >= 32 && byte < 127 && !'"\\?'.includes(String.fromCharCode(byte))
  return `"${[...bytes].map((byte) => (safe(byte) ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`)).join('')}"`
}

/** One line that can stand in a comment or in Markdown code. */
export const plainLine = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').replace(/[*\\`/]/g, (c) => (c === '/' ? '|' : '.'))
