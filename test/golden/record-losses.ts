/** Records the losses of the tiny training, on the eager backend: tfjs's own operations where there is one. */
import { readFileSync } from 'node:fs'
import { eager } from '../../src/training/backends/eager/eager.ts'
import { tinyRun } from '../support/tiny-run.ts'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
const provenance = `peapod ${version}, eager backend, test/support/tiny-run.ts; written by make golden`
process.stdout.write(`${JSON.stringify({ provenance, losses: await tinyRun(eager) }, null, 2)}\n`)
