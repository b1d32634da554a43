#!/usr/bin/env node
import { existsSync } from 'node:fs'

if (!existsSync(new URL('../dist/cli.js', import.meta.url))) {
  console.error('peapod: error not-built: this checkout is not built\n  hint:     run `make build` once')
  process.exit(2)
}
// Whoever reads may have read enough, as `head` does.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
const { main } = await import('../dist/cli.js')
process.exitCode = await main(process.argv.slice(2))
