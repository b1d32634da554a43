/** Keras .h5 files, whole models, as a source of float models. */
import { UserError } from '../../errors.ts'
import { readBytes } from '../read-bytes.ts'
import { h5Weights } from './h5-weights.ts'
import { readHdf5 } from './hdf5.ts'
import { kerasFormat } from './keras-format.ts'
import { parseTopology } from './topology.ts'

export const kerasH5 = kerasFormat(
  {
    name: 'keras-h5',
    says: 'a Keras .h5 (or .h5.gz)',
    recognises: (path) => /\.(h5|hdf5)(\.gz)?$/i.test(path),
  },
  opened,
)

async function opened(path: string) {
  const tree = await readHdf5(await readBytes(path), path)
  const [text] = tree.texts.get('')?.model_config ?? []
  if (text === undefined)
    throw new UserError('no-architecture', `${path} holds no architecture`, {
      found: 'an HDF5 file without model_config',
      expected: 'a whole model',
      hint: 'save it with model.save, not with model.save_weights',
    })
  return { model: parseTopology(text, path), weights: h5Weights(tree) }
}
