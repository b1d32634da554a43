/** How the exported files fit together, for the person who builds the firmware. */
import type { Facts } from './define.ts'
import { plainLine } from './names.ts'

const purposes: Readonly<Record<string, string>> = {
  'model.h': 'size, digest and arena of the model',
  'model.c': 'the model, constant and aligned: place it in flash',
  'operators.h': 'C++: the resolver with exactly the operators that the model uses',
  'io.h': 'shapes, types, scales, preprocessing, class names',
  'io.c': 'tables of the preprocessing, and class names',
  'golden.h': 'inputs with the answers that must come out',
  'golden.c': 'their data; leave it out of a product',
}

export function readme(facts: Facts, files: readonly string[]): string {
  const { prefix, target, name, arena, methods, vectors } = facts
  const rows = files.map((file) => `| \`${file}\` | ${purposes[file.slice(prefix.length + 1)] ?? ''} |`)
  return `# ${plainLine(name)} for ${target.title}

${what(facts)}

| file | what |
| --- | --- |
${rows.join('\n')}

Compile the \`.c\` files as C11, or as C++11 or later. The resolver needs TensorFlow Lite for Microcontrollers, and registers: ${methods.join(', ')}.

## In the firmware

\`\`\`cpp
#include "${prefix}_model.h"
#include "${prefix}_io.h"
#include "${prefix}_operators.h"
#include "tensorflow/lite/micro/micro_interpreter.h"

alignas(16) static uint8_t arena[${facts.macro}_ARENA_BYTES];
static ${prefix}_resolver resolver;

// At start:
${prefix}_register_operators(resolver);
static tflite::MicroInterpreter interpreter(tflite::GetModel(${prefix}_model), resolver, arena, sizeof(arena));
interpreter.AllocateTensors();

// For each image: fill interpreter.input(0), then
interpreter.Invoke();
// and read interpreter.output(0).
\`\`\`
${preprocessing(facts)}
## Arena

\`${facts.macro}_ARENA_BYTES\` is ${arena.bytes}: ${arena.headBytes} for activations and scratch, ${arena.persistentBytes} for what the interpreter keeps, or more where
planning needs it, and 16 for alignment. ${
    facts.compiled
      ? 'Activations lie as the compiler planned them.'
      : 'Activations are laid by the same greedy plan as TFLM’s. The scratch is what CMSIS-NN’s kernels ask for; reference kernels need less.'
  }
The structures are counted with 64-bit pointers, as TFLM’s RecordingMicroAllocator reports them on such a machine; a Cortex-M, with
32-bit pointers, needs less. Call \`interpreter.arena_used_bytes()\` on the device, and cut the arena to that and a margin.

## Does it answer as it should?

${vectors.length ? golden(facts) : 'No golden vectors were asked for (`--vectors`).'}
`
}

const what = ({ deployed, compiled, notCompiled, model, target }: Facts): string => {
  const size = `${deployed.bytes.length} bytes, SHA-256 \`${deployed.sha256}\``
  if (compiled) {
    const { compiler, version, configuration = {}, cpuOperators } = compiled.result
    const left = cpuOperators > 0 ? ` It left ${cpuOperators} operators to the CPU.` : ''
    return `The array holds the file as ${compiler} ${version} compiled it for ${Object.values(configuration).join(', ')} (${size}).${left}\nIt was made from an int8 file with SHA-256 \`${model.sha256}\`.`
  }
  const plain = `The array holds the int8 file itself (${size}).`
  return notCompiled
    ? `${plain}\n\n**It is not compiled for the accelerator of ${target.title}: ${plainLine(notCompiled)}.** As it is, every operator runs on the CPU.`
    : plain
}

const preprocessing = ({ preprocess, prefix, macro }: Facts): string =>
  preprocess
    ? `
An image of ${preprocess.height} x ${preprocess.width} becomes an input by \`${macro}_IMAGE_…\` and \`${macro}_PIXEL_…\`; where its pixels are whole numbers (no resizing,
no mixing of channels), \`${prefix}_pixel_table[channel][pixel]\` is the stored value itself. A class is the index of the largest output.
`
    : ''

const golden = ({ macro, prefix, vectors }: Facts): string =>
  `Copy each of the ${vectors.length} \`${prefix}_golden_input\` vectors into the input and compare the output with \`${prefix}_golden_output\`: with TFLM’s reference
kernels every element is equal. CMSIS-NN and an Ethos-U may differ by single steps where they round otherwise; a class must not change
but at a tie. \`${macro}_GOLDEN_VECTORS\` is their number.`
