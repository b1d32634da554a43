/** The frame of a C header or source. */
import { version } from '../../version.ts'
import type { Facts } from './define.ts'
import { plainLine } from './names.ts'

const banner = ({ name, deployed }: Facts, what: string): string =>
  `/* ${what}\n * Made by peapod export ${version} from ${plainLine(name)}; SHA-256 of the file in the array:\n * ${deployed.sha256} */\n`

/** A header of C that C++ can include; `body` may use the types of stdint.h and size_t. */
export const header = (facts: Facts, file: string, what: string, body: string): string => {
  const guard = `${facts.macro}_${file}_H_`.toUpperCase()
  return `${banner(facts, what)}#ifndef ${guard}\n#define ${guard}\n\n#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n#ifdef __cplusplus\nextern "C" {\n#endif\n\n${body.trim()}\n\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n`
}

/** A source that is C11 and C++11 alike. */
export const source = (facts: Facts, file: string, what: string, body: string): string =>
  `${banner(facts, what)}#include "${facts.prefix}_${file}.h"\n\n${body.trim()}\n`

/** An array that starts where TFLM and Ethos-U want it: at a multiple of 16 bytes. */
export const aligned = (declaration: string): string =>
  `#ifdef __cplusplus\nalignas(16) ${declaration}\n#else\n_Alignas(16) ${declaration}\n#endif`
