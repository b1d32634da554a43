/** Markdown for documents that a person signs: tables, and names that others chose made harmless. */
import { markdown as safe, shown } from '../report/writers/escape.ts'

export { safe }

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)

export const code = (text: string): string => `\`${shown(text).replace(/[`|]/g, ' ')}\``
