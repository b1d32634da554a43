/** The model as a constant array, with its digest, and the size of the arena. */
import { aligned, header, source } from './c-file.ts'
import type { Facts, Files } from './define.ts'
import { bytes } from './literals.ts'

export function modelFiles(facts: Facts): Files {
  const { prefix, macro, deployed, arena } = facts
  const size = deployed.bytes.length
  return {
    [`${prefix}_model.h`]: header(
      facts,
      'model',
      'The model, as TensorFlow Lite for Microcontrollers reads it.',
      `#define ${macro}_MODEL_BYTES ${size}
#define ${macro}_MODEL_SHA256 "${deployed.sha256}"

/* Room that MicroInterpreter needs: ${arena.headBytes} for activations and scratch, ${arena.persistentBytes} that stays, and alignment.
 * Structures counted as on a 64-bit machine, a bound for a 32-bit one; see README.md. */
#define ${macro}_ARENA_BYTES ${arena.bytes}

extern const uint8_t ${prefix}_model[${macro}_MODEL_BYTES];`,
    ),
    [`${prefix}_model.c`]: source(
      facts,
      'model',
      'The model; place this object in flash.',
      `${aligned(`const uint8_t ${prefix}_model[${macro}_MODEL_BYTES] =`)}\n{\n${bytes(deployed.bytes)}\n};`,
    ),
  }
}
