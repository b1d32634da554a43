/** Our conversion as a process of its own: own.js MODEL CALIBRATION.f32 OUT SCRATCH [PREPROCESS]; reads what the other side reads, prints what it took. */
import { readFileSync } from 'node:fs'
import { writeWhole } from '../../../src/runs/files.ts'
import { convert } from '../../../src/stages/convert.ts'
import { quantisationLines } from '../../../src/stages/quantisation.ts'
import { openFloatModel } from './float-model.ts'

const [model, calibration, out, scratch, given] = process.argv.slice(2) as [string, string, string, string, string?]
const { imported } = await openFloatModel(model, given, scratch)
const { buffer, byteOffset, byteLength } = readFileSync(calibration)
const { bytes, quantisation } = convert(imported, [new Float32Array(buffer, byteOffset, byteLength / 4)], { method: 'auto' })
await writeWhole(out, bytes)
const { user, system } = process.cpuUsage()
process.stdout.write(JSON.stringify({ cpuSeconds: (user + system) / 1e6, says: quantisationLines(quantisation) }))
