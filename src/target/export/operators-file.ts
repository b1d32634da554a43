/** TFLM's operator resolver with exactly the operators that the file uses, so that no other kernel is linked. */
import { version } from '../../version.ts'
import type { Facts, Files } from './define.ts'

export function operatorsFile({ prefix, macro, methods }: Facts): Files {
  const guard = `${macro}_OPERATORS_H_`
  const body = `// The operators of the model, for TensorFlow Lite for Microcontrollers. Made by peapod export ${version}.
#ifndef ${guard}
#define ${guard}

#include "tensorflow/lite/micro/micro_mutable_op_resolver.h"

#define ${macro}_OPERATORS ${methods.length}

using ${prefix}_resolver = tflite::MicroMutableOpResolver<${macro}_OPERATORS>;

inline TfLiteStatus ${prefix}_register_operators(${prefix}_resolver &resolver) {
${methods.map((method) => `  if (resolver.${method}() != kTfLiteOk) return kTfLiteError;`).join('\n')}
  return kTfLiteOk;
}

#endif
`
  return { [`${prefix}_operators.h`]: body }
}
