/** What the pipeline files of `peapod init` say: a reader of the YAML that they use, their script lines, and a shell that runs them. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Yaml = string | number | Yaml[] | { [key: string]: Yaml }

type Line = { indent: number; text: string }

/** Block maps and lists, flow lists and maps on one line, JSON strings and plain words. Throws for anything else. */
export function readYaml(text: string): Yaml {
  const lines = text
    .split('\n')
    .map((line) => ({ indent: line.search(/\S/), text: line.trim() }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'))
  const value = block(lines, 0)
  if (lines.length) throw new Error(`left over: ${lines[0]!.text}`)
  return value
}

function block(lines: Line[], least: number): Yaml {
  const first = lines[0]
  if (!first || first.indent < least) return ''
  const { indent } = first
  const isList = first.text.startsWith('- ')
  const list: Yaml[] = []
  const map: { [key: string]: Yaml } = {}
  while (lines[0] && lines[0].indent === indent && lines[0].text.startsWith('- ') === isList) {
    const line = lines[0]
    if (isList) {
      const rest = line.text.slice(2)
      if (/^[\w-]+:( |$)/.test(rest)) {
        lines[0] = { indent: indent + 2, text: rest }
        list.push(block(lines, indent + 2))
      } else {
        lines.shift()
        list.push(scalar(rest))
      }
      continue
    }
    const [, key, rest] = line.text.match(/^([\w-]+):(?: (.+))?$/) ?? []
    if (key === undefined || key in map) throw new Error(`no key of its own: ${line.text}`)
    lines.shift()
    map[key] = rest === undefined ? block(lines, indent + 1) : scalar(rest)
  }
  if (lines[0] && lines[0].indent > indent) throw new Error(`stray indent: ${lines[0].text}`)
  return isList ? list : map
}

function scalar(text: string): Yaml {
  if (text.startsWith('"')) return JSON.parse(text) as string
  if (text.startsWith('[') && text.endsWith(']')) return parts(text).map(scalar)
  if (text.startsWith('{') && text.endsWith('}'))
    return Object.fromEntries(
      parts(text).map((part) => {
        const [, key, value] = part.match(/^([\w-]+): (.+)$/)!
        return [key!, scalar(value!)]
      }),
    )
  if (/^\d+$/.test(text)) return Number(text)
  if (!/^[A-Za-z][\w@/().-]*$/.test(text)) throw new Error(`not plain: ${text}`)
  return text
}

const parts = (text: string): string[] =>
  text
    .slice(1, -1)
    .trim()
    .match(/"(?:[^"\\]|\\.)*"|[^,\s"[{][^,"[{]*(?:"[^"]*"|\[[^\]]*\])?/g) ?? []

/** Runs lines with an `npm` that does nothing and an `npx` that records; returns what `npx` was called with. */
export function runLines(lines: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): string[][] {
  const bin = mkdtempSync(join(tmpdir(), 'peapod-bin-'))
  const record = join(bin, 'record')
  writeFileSync(record, '')
  const shim = (name: string, body: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  shim('npm', 'exit 0')
  shim('npx', `for word in "$@"; do printf '%s\\t' "$word" >> '${record}'; done; echo >> '${record}'`)
  for (const line of lines) execFileSync('sh', ['-ec', line], { cwd, env: { ...env, PATH: `${bin}:${process.env.PATH}` } })
  return readFileSync(record, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t').slice(0, -1))
}
