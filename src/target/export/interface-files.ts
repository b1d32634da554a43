/** How a device makes an input of an image, and reads the outputs: shapes, scales, the preprocessing contract, class names. */

import { channelsOf, type Preprocess } from '../../data/preprocess.ts'
import { quantised } from '../../data/preprocessor.ts'
import { UserError } from '../../errors.ts'
import { size, type Tensor } from '../../graph/ir/graph.ts'
import { header, source } from './c-file.ts'
import type { Facts, Files } from './define.ts'
import { cTypes, double, elements, float } from './literals.ts'
import { plainLine, stringLiteral } from './names.ts'

/** The C type of an edge. Throws UserError `export-type`. */
export function cTypeOf({ dtype, name }: Tensor): string {
  const type = cTypes[dtype]
  if (type) return type
  throw new UserError('export-type', `the tensor ${name} has a type that no C array is made of`, {
    found: dtype,
    expected: Object.keys(cTypes).join(', '),
  })
}

/** The number in a name, where there are several. */
export const numbered = (what: string, i: number, count: number): string => (count > 1 ? `${what}_${i}` : what)

export function interfaceFiles(facts: Facts): Files {
  const { prefix, graph, preprocess, classes = [] } = facts
  const edges = (['inputs', 'outputs'] as const).flatMap((side) =>
    graph[side].map((t, i) => edge(facts, numbered(side === 'inputs' ? 'INPUT' : 'OUTPUT', i, graph[side].length), graph.tensors[t]!)),
  )
  const input = graph.tensors[graph.inputs[0]!]!
  const table = preprocess && tableOf(preprocess, input)
  const body = [...edges, ...(preprocess ? [preprocessing(facts, preprocess, table !== undefined)] : []), ...classDeclarations(facts)]
  const definitions = [
    ...(table
      ? [
          `const int8_t ${prefix}_pixel_table[${channelsOf(preprocess!)}][256] = {\n${table.map((row) => `{\n${elements(row)}\n}`).join(',\n')}\n};`,
        ]
      : []),
    ...(classes.length
      ? [`const char *const ${prefix}_class_names[] = {\n${classes.map((c) => `  ${stringLiteral(c)},`).join('\n')}\n};`]
      : []),
  ]
  const what = 'What goes into the model, and what comes out.'
  return {
    [`${prefix}_io.h`]: header(facts, 'io', what, body.join('\n\n')),
    ...(definitions.length && { [`${prefix}_io.c`]: source(facts, 'io', what, definitions.join('\n\n')) }),
  }
}

function edge({ prefix, macro }: Facts, name: string, tensor: Tensor): string {
  const { shape, quant } = tensor
  const lines = [
    `/* ${name.toLowerCase()}: ${plainLine(tensor.name)}, ${shape.join(' x ')}, row-major */`,
    `typedef ${cTypeOf(tensor)} ${prefix}_${name.toLowerCase()}_t;`,
    `#define ${macro}_${name}_ELEMENTS ${size(shape)}`,
    ...shape.map((extent, axis) => `#define ${macro}_${name}_DIMENSION_${axis} ${extent}`),
    ...(quant
      ? [
          `/* real = scale * (stored - zero) */`,
          `#define ${macro}_${name}_SCALE ${float(quant.scale[0]!)}`,
          `#define ${macro}_${name}_ZERO (${quant.zero[0]!})`,
        ]
      : []),
  ]
  return lines.join('\n')
}

/** What each value of a whole pixel becomes, for each channel. */
function tableOf(p: Preprocess, { dtype, quant }: Tensor): Int8Array[] | undefined {
  if (dtype !== 'int8' || !quant) return undefined
  const to = { scale: quant.scale[0]!, zero: quant.zero[0]! }
  return Array.from({ length: channelsOf(p) }, (_, c) =>
    Int8Array.from({ length: 256 }, (_, pixel) => quantised(Math.fround((pixel * p.scale - p.mean[c]!) / p.deviation[c]!), to)),
  )
}

function preprocessing({ prefix, macro }: Facts, p: Preprocess, table: boolean): string {
  const list = (values: readonly number[]) => `{ ${values.map(double).join(', ')} }`
  return [
    '/* Preprocessing: resize to height x width, reorder, then x = (pixel * scale - mean[c]) / deviation[c], then',
    ' * stored = round(x / input scale) + zero, halves away from zero, clamped to the type. */',
    `#define ${macro}_IMAGE_HEIGHT ${p.height}`,
    `#define ${macro}_IMAGE_WIDTH ${p.width}`,
    `#define ${macro}_IMAGE_CHANNELS ${channelsOf(p)}`,
    `#define ${macro}_IMAGE_ORDER_${p.colour.toUpperCase()} 1`,
    `#define ${macro}_IMAGE_RESIZE_${p.resize.toUpperCase()} 1`,
    `#define ${macro}_PIXEL_SCALE ${double(p.scale)}`,
    `#define ${macro}_PIXEL_MEAN ${list(p.mean)}`,
    `#define ${macro}_PIXEL_DEVIATION ${list(p.deviation)}`,
    ...(table
      ? [
          '',
          '/* The same for whole pixel values, exact: stored = table[channel][pixel]; channels in the order of the model. */',
          `extern const int8_t ${prefix}_pixel_table[${channelsOf(p)}][256];`,
        ]
      : []),
  ].join('\n')
}

const classDeclarations = ({ prefix, macro, classes = [] }: Facts): string[] =>
  classes.length
    ? [
        `#define ${macro}_CLASSES ${classes.length}\n/* In the order of the outputs, UTF-8. */\nextern const char *const ${prefix}_class_names[${macro}_CLASSES];`,
      ]
    : []
