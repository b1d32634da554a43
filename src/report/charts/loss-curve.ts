/** Loss by epoch. */
import type { Chart, Spec } from './define.ts'

export const lossCurve: Chart = {
  section: 'training',
  title: 'Loss by epoch',
  of: ({ training }) => {
    const curve = training?.curve
    if (!curve?.length) return undefined
    const last = curve.at(-1)!
    const values = curve.flatMap((point, i) => [
      { epoch: i + 1, what: 'training', value: point.loss },
      { epoch: i + 1, what: 'validation', value: point.validationLoss },
    ])
    return {
      caption: `Training loss ends at ${last.loss!.toPrecision(3)}, validation loss at ${last.validationLoss!.toPrecision(3)}. Training loss includes label smoothing and augmentation where the recipe has them, so that it may stay above the other.`,
      spec: (width): Spec => ({
        width,
        height: 160,
        autosize: { type: 'fit-x', contains: 'padding' },
        data: { values },
        mark: { type: 'line', strokeWidth: 2 },
        encoding: {
          x: {
            field: 'epoch',
            type: 'quantitative',
            title: 'epoch',
            scale: { domain: [1, Math.max(2, curve.length)] },
            axis: { tickMinStep: 1, grid: false },
          },
          y: { field: 'value', type: 'quantitative', title: 'loss', axis: { tickCount: 5 } },
          color: {
            field: 'what',
            type: 'nominal',
            title: null,
            scale: { domain: ['training', 'validation'], range: ['var(--c1)', 'var(--c2)'] },
            legend: { orient: 'top', symbolType: 'stroke', symbolStrokeWidth: 3 },
          },
        },
      }),
    }
  },
}
