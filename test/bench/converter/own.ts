/** Our conversion as a process of its own: own.js MODEL DATA IMAGES SEED OUT SCRATCH [PREPROCESS]; prints what it took. */
import { openDataSet } from '../../../src/data/load.ts'
import { sample } from '../../../src/data/sample.ts'
import { writeWhole } from '../../../src/runs/files.ts'
import { convert } from '../../../src/stages/convert.ts'
import { floatInputs } from '../../../src/stages/inputs.ts'
import { quantisationLines } from '../../../src/stages/quantisation.ts'
import { openFloatModel } from './float-model.ts'

const [model, data, images, seed, out, scratch, given] = process.argv.slice(2) as [string, string, string, string, string, string, string?]
const { imported, preprocess } = await openFloatModel(model, given, scratch)
const { train } = (await openDataSet(data, { seed: 1 })).splits
const { bytes, quantisation } = convert(imported, floatInputs(train, preprocess, sample(train, Number(images), Number(seed))), {
  method: 'auto',
})
await writeWhole(out, bytes)
const { user, system } = process.cpuUsage()
process.stdout.write(JSON.stringify({ cpuSeconds: (user + system) / 1e6, says: quantisationLines(quantisation) }))
