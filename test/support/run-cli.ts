/** Runs one command line in this process and catches what it prints. */
import { vi } from 'vitest'
import { main } from '../../src/cli.ts'

export type CliResult = { readonly code: number; readonly out: string; readonly err: string }

export async function runCli(...argv: string[]): Promise<CliResult> {
  const said = { out: '', err: '' }
  const catcher = (key: 'out' | 'err') => (text: unknown) => {
    said[key] += String(text)
    return true
  }
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(catcher('out') as never)
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(catcher('err') as never)
  try {
    return { code: await main(argv), ...said }
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
}
