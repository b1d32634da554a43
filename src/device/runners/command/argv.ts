/** The words of a `command:` URI, split here and never by a shell. */
import type { RunnerKind } from '../../define.ts'
import { badRunner } from '../bad-runner.ts'

const known = ['model', 'input', 'output', 'inputs', 'outputs', 'times']

export type Template = {
  readonly words: readonly string[]
  /** One process gets many samples. */
  readonly many: boolean
  readonly times: boolean
  fill(paths: Readonly<Record<string, string>>): string[]
}

/**
 * `command:` and then words between spaces, "with quotes" around those that hold spaces, or a JSON array of words. Placeholders are
 * filled in after the split, so nothing that a path holds can become a word of its own, and `;`, `$`, `*` mean themselves.
 * Throws UserError `bad-runner`.
 */
export function argvOf(uri: string, kind: Pick<RunnerKind, 'says'>): Template {
  const text = uri.slice(uri.indexOf(':') + 1).trim()
  const words = text.startsWith('[') ? jsonWords(text) : splitWords(text)
  const placeholders = new Set(words?.flatMap((word) => [...word.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)))
  const off = (found: string) => badRunner(uri, kind, found)
  if (!words?.length) throw off('no program')
  const [program] = words
  if (!program || program.includes('{') || program.startsWith('-')) throw off(`the program ${JSON.stringify(program)}`)
  const unknown = [...placeholders].find((name) => !known.includes(name))
  if (unknown) throw off(`{${unknown}}`)
  const has = (...names: string[]) => names.every((name) => placeholders.has(name))
  const many = has('inputs', 'outputs')
  if (!has('model') || (!many && !has('input', 'output')) || (many && (has('input') || has('output'))))
    throw off([...placeholders].join(' '))
  return {
    words,
    many,
    times: has('times'),
    fill: (paths) => words.map((word) => word.replace(/\{(\w+)\}/g, (_, name: string) => paths[name]!)),
  }
}

function jsonWords(text: string): string[] | undefined {
  try {
    const words: unknown = JSON.parse(text)
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : undefined
  } catch {
    return undefined
  }
}

function splitWords(text: string): string[] | undefined {
  if ((text.split('"').length - 1) % 2) return undefined
  return [...text.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ''))
}
