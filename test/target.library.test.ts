/** The estimator as a library call: what it is made of asks for nothing of Node. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../src/', import.meta.url)

/** Every file that one imports for more than types, and what it imports from packages. */
function reached(entry: string): { readonly files: Set<string>; readonly packages: Set<string> } {
  const [files, packages, open] = [new Set<string>(), new Set<string>(), [new URL(entry, root)]]
  for (let url = open.pop(); url; url = open.pop()) {
    if (files.has(url.href)) continue
    files.add(url.href)
    const text = readFileSync(url, 'utf8')
    for (const [, types, from] of text.matchAll(/^(?:import|export)(\s+type)?\s[^'"]*?from '([^']+)'/gm)) {
      if (types) continue
      if (from!.startsWith('.')) open.push(new URL(from!, url))
      else packages.add(from!)
    }
  }
  return { files, packages }
}

test.each(['target/simulate/simulate.ts', 'target/simulate/answer.ts', 'target/check/check.ts', 'target/profiles/schema.ts'])(
  '%s runs in a browser too',
  (entry) => {
    const { files, packages } = reached(entry)
    expect(files.size).toBeGreaterThan(10)
    expect([...packages].filter((name) => name.startsWith('node:'))).toEqual([])
    expect([...packages].filter((name) => !['zod', 'flatbuffers', 'murmurhash'].includes(name))).toEqual([])
  },
)
