/** Inputs with the outputs that our bit-exact executor gives: what the firmware must answer too. */
import type { Data } from '../../graph/ir/graph.ts'
import { size } from '../../graph/ir/graph.ts'
import { header, source } from './c-file.ts'
import type { Facts, Files } from './define.ts'
import { cTypeOf, numbered } from './interface-files.ts'
import { elements } from './literals.ts'

export function goldenFiles(facts: Facts): Files {
  const { prefix, macro, graph, vectors } = facts
  if (!vectors.length) return {}
  const labelled = vectors.every(({ label }) => label !== undefined)
  const edges = (['inputs', 'outputs'] as const).flatMap((side) =>
    graph[side].map((t, i) => {
      const tensor = graph.tensors[t]!
      const name = `${prefix}_golden_${numbered(side === 'inputs' ? 'input' : 'output', i, graph[side].length)}`
      const declaration = `const ${cTypeOf(tensor)} ${name}[${macro}_GOLDEN_VECTORS][${size(tensor.shape)}]`
      return { declaration, rows: vectors.map((v) => v[side][i] as Exclude<Data, BigInt64Array>) }
    }),
  )
  const labels = `const int32_t ${prefix}_golden_label[${macro}_GOLDEN_VECTORS]`
  const declared = [...edges.map(({ declaration }) => `extern ${declaration};`), ...(labelled ? [`extern ${labels};`] : [])]
  const defined = [
    ...edges.map(({ declaration, rows }) => `${declaration} = {\n${rows.map((row) => `{\n${elements(row)}\n}`).join(',\n')}\n};`),
    ...(labelled ? [`${labels} = {\n${elements(Int32Array.from(vectors, ({ label }) => label!))}\n};`] : []),
  ]
  const what = 'Golden vectors: bit-exact answers of the integer reference kernels, in the rounding of TFLM.'
  const head = `#define ${macro}_GOLDEN_VECTORS ${vectors.length}`
  return {
    [`${prefix}_golden.h`]: header(facts, 'golden', what, [head, ...declared].join('\n')),
    [`${prefix}_golden.c`]: source(facts, 'golden', what, defined.join('\n\n')),
  }
}
