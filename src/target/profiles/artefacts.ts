/** What a machine takes. */
export const artefacts = ['int8-tflite', 'compiled-tflite', 'float-model'] as const
export type Artefact = (typeof artefacts)[number]

export const artefactWords: Readonly<Record<Artefact, string>> = {
  'int8-tflite': 'an int8 .tflite file',
  'compiled-tflite': 'an int8 .tflite file that the vendor’s compiler has rewritten',
  'float-model': 'a float model with calibration images: the vendor’s tool quantises it',
}
