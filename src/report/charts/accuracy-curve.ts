/** Accuracy by epoch over the schedule of alpha: how the ensembles turn into plain ReLU, and what it costs. */
import { percent } from '../writers/words.ts'
import { type Chart, narrow, type Spec } from './define.ts'

const series = ['training', 'validation', 'alpha'] as const

export const accuracyCurve: Chart = {
  section: 'training',
  title: 'Accuracy by epoch, over alpha',
  of: ({ training }) => {
    const curve = training?.curve
    if (!training || !curve?.length) return undefined
    const last = curve.at(-1)!
    const values = curve.flatMap((point, i) => [
      { epoch: i + 1, what: 'training', value: point.accuracy },
      { epoch: i + 1, what: 'validation', value: point.validationAccuracy },
      { epoch: i + 1, what: 'alpha', value: point.alpha },
    ])
    return {
      caption: `Over ${curve.length} epochs, validation accuracy ends at ${percent(last.validationAccuracy!, 1)} and training accuracy at ${percent(last.accuracy!, 1)}; alpha (shaded) goes from ${curve[0]!.alpha!.toFixed(2)} to ${last.alpha!.toFixed(2)}: at 1 the network is plain ReLU. The line marks the epoch that was kept, ${training.bestEpoch}.`,
      spec: (width): Spec => ({
        width,
        height: 240,
        autosize: { type: 'fit-x', contains: 'padding' },
        data: { values },
        encoding: {
          x: {
            field: 'epoch',
            type: 'quantitative',
            title: 'epoch',
            scale: { domain: [1, Math.max(2, curve.length)] },
            axis: { tickMinStep: 1, grid: false },
          },
          y: { field: 'value', type: 'quantitative', title: 'share', scale: { domain: [0, 1] }, axis: { format: '.0%', tickCount: 5 } },
          color: {
            field: 'what',
            type: 'nominal',
            title: null,
            scale: { domain: [...series], range: ['var(--c1)', 'var(--c2)', 'var(--c8)'] },
            legend: { orient: 'top', columns: width < narrow ? 2 : 3, symbolType: 'stroke', symbolStrokeWidth: 3, symbolOpacity: 1 },
          },
        },
        layer: [
          {
            transform: [{ filter: "datum.what === 'alpha'" }],
            mark: { type: 'area', opacity: 0.18, line: { strokeDash: [4, 3], strokeWidth: 1.5 } },
          },
          { transform: [{ filter: "datum.what !== 'alpha'" }], mark: { type: 'line', strokeWidth: 2 } },
          {
            data: { values: [{ epoch: training.bestEpoch }] },
            mark: { type: 'rule', strokeDash: [2, 2] },
            encoding: { y: { value: 0 }, y2: { value: 240 }, color: { value: 'var(--dim)' } },
          },
        ],
      }),
    }
  },
}
