/** Keras 3 .keras files as a source of float models. */
import { UserError } from '../../errors.ts'
import { readBytes } from '../read-bytes.ts'
import { readHdf5 } from './hdf5.ts'
import { kerasFormat } from './keras-format.ts'
import { parseTopology } from './topology.ts'
import { v3Weights } from './v3-weights.ts'
import { unzip } from './zip.ts'

const [architecture, weights] = ['config.json', 'model.weights.h5']

export const kerasV3 = kerasFormat(
  {
    name: 'keras',
    says: 'a Keras .keras (or .keras.gz)',
    recognises: (path) => /\.keras(\.gz)?$/i.test(path),
  },
  opened,
)

async function opened(path: string) {
  const files = unzip(await readBytes(path), [architecture, weights], path)
  const [config, stored] = [files.get(architecture), files.get(weights)]
  if (!config || !stored)
    throw new UserError('unreadable-model', `${path} is no whole Keras model`, {
      found: `no ${config ? weights : architecture} in the zip`,
      expected: `${architecture} and ${weights}`,
      hint: 'save the model from Keras 3: model.save("model.keras")',
    })
  const model = parseTopology(Buffer.from(config).toString('utf8'), path)
  return { model, weights: v3Weights(await readHdf5(stored, `${weights} in ${path}`), model.inner) }
}
