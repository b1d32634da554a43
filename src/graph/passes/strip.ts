/** Replaces ensembles whose transition is over by what remains of them (Utasi 2022, final phase). */
import { UserError } from '../../errors.ts'
import { Draft } from '../ir/edit.ts'
import { placeOf } from '../ir/walk.ts'
import { is } from '../ops/define.ts'
import { ensemble } from '../ops/ensemble.ts'
import type { Pass } from './define.ts'

export const strip: Pass<'imported'> = {
  name: 'strip',
  says: 'an ensemble at alpha = 1 becomes its base, relu or relu6',
  phase: 'imported',
  run(graph) {
    const draft = new Draft(graph)
    const early: string[] = []
    graph.nodes.forEach((node, n) => {
      if (!is(node, ensemble)) return
      const { alpha, base, activation } = node.attrs
      if (alpha !== 1) early.push(`${placeOf(graph, n)} (${activation}, alpha ${alpha})`)
      draft.replace(n, { op: base, attrs: {}, inputs: node.inputs, outputs: node.outputs })
    })
    if (early.length)
      throw new UserError('not-stripped', `${early.length} of the ensembles still mix: alpha is not 1`, {
        found: early.slice(0, 4).join(', ') + (early.length > 4 ? ', …' : ''),
        expected: 'alpha 1 in every ensemble',
        hint: 'train through the final phase, in which alpha is 1',
      })
    return draft.finish()
  },
}
