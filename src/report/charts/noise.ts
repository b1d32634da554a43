/** What quantisation costs each layer. */
import { shown } from '../writers/escape.ts'
import { type Chart, narrow, type Spec } from './define.ts'

const mostBars = 60

export const noise: Chart = {
  section: 'quantisation',
  title: 'int8 error by layer',
  of: ({ layerErrors }) => {
    const known = (layerErrors ?? []).map((l, i) => ({ ...l, i })).filter((l) => l.sqnrDb !== null)
    if (!known.length) return undefined
    const worst = known.reduce((a, b) => (b.sqnrDb! < a.sqnrDb! ? b : a))
    const rows =
      known.length <= mostBars
        ? known
        : [...known]
            .sort((a, b) => a.sqnrDb! - b.sqnrDb!)
            .slice(0, mostBars)
            .sort((a, b) => a.i - b.i)
    const values = rows.map(({ name, sqnrDb, i }) => ({ name: `${i} ${shown(name, 28)}`, db: sqnrDb, worst: i === worst.i }))
    return {
      caption: `Signal to quantisation noise of each layer's output, the int8 network against the float one on the same validation images; ${rows.length < known.length ? `the ${rows.length} worst of ${known.length} layers. ` : ''}higher is better. The worst is ${shown(worst.name, 40)} at ${worst.sqnrDb!.toFixed(1)} dB, ${worst.maxSteps.toFixed(1)} steps at most.`,
      spec: (width): Spec => ({
        width,
        height: { step: 13 },
        autosize: { type: 'fit-x', contains: 'padding' },
        data: { values },
        encoding: {
          y: {
            field: 'name',
            type: 'nominal',
            sort: null,
            title: null,
            axis: { labelLimit: width < narrow ? 150 : 220, labelFontSize: width < narrow ? 10 : 11, ticks: false, domain: false },
          },
          x: { field: 'db', type: 'quantitative', title: 'dB', axis: { tickCount: width < narrow ? 4 : 8 } },
          color: { field: 'worst', type: 'nominal', scale: { domain: [false, true], range: ['var(--c1)', 'var(--c5)'] }, legend: null },
        },
        layer: [
          { mark: { type: 'rule', opacity: 0.5 }, encoding: { x: { datum: 0 }, x2: { field: 'db' } } },
          { mark: { type: 'point', filled: true, size: 40 } },
        ],
      }),
    }
  },
}
