/** What a machine takes whose importer quantises by itself: the float model, images to calibrate by, and the importer's options. */
import type { Preprocess } from '../data/preprocess.ts'
import { writeTflite } from '../formats/tflite/write.ts'
import type { Graph } from '../graph/ir/graph.ts'
import { writeNpy } from '../npy.ts'
import type { Files } from '../runs/folder.ts'
import type { Target } from '../target/profiles/schema.ts'
import { version } from '../version.ts'

export type Handover = {
  /** A float TFLite file. */
  readonly model: Uint8Array
  /** Its inputs [images, ...shape] as float32, in NumPy's format. */
  readonly calibration: Uint8Array
}

const names = { model: 'model.float.tflite', calibration: 'calibration.npy', options: 'import.json' } as const
export const handoverFiles: readonly string[] = Object.values(names)

/** Undefined where the machine takes an int8 file. `inputs` are those of the calibration, which may be more than the importer asks for. */
export function handoverOf(
  { import: importer }: Pick<Target, 'import'>,
  float: Graph<'folded'>,
  inputs: Iterable<Float32Array>,
): Handover | undefined {
  if (!importer) return undefined
  const images: Float32Array[] = []
  for (const image of inputs) {
    if (images.length === importer.calibrationImages) break
    images.push(image.slice())
  }
  const [, ...shape] = float.tensors[float.inputs[0]!]!.shape
  const data = new Float32Array(images.length * images[0]!.length)
  for (const [i, image] of images.entries()) data.set(image, i * image.length)
  return {
    // The writer knows float tensors, which mixed precision keeps; a file of nothing else is one.
    model: writeTflite(float as unknown as Graph<'quantised'>, { description: `Peapod ${version}` }),
    calibration: writeNpy({ kind: '<f4', shape: [images.length, ...shape], data }),
  }
}

/** The files at the top of a run folder. */
export function handoverAsFiles(given: Handover, { import: importer }: Pick<Target, 'import'>, preprocess: Preprocess): Files {
  const { tool, options } = importer!
  const says = { tool, model: names.model, calibration: names.calibration, preprocess, options }
  return { [names.model]: given.model, [names.calibration]: given.calibration, [names.options]: `${JSON.stringify(says, null, 2)}\n` }
}
