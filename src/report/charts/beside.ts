/** Estimate beside compiler beside device. */
import { sayings } from '../sayings.ts'
import { shown } from '../writers/escape.ts'
import { milliseconds } from '../writers/words.ts'
import type { Chart, Spec } from './define.ts'

export const beside: Chart = {
  section: 'latency',
  title: 'Estimate beside compiler beside device',
  of: (report) => {
    const values = sayings(report).map(({ who, how, latencyMs }) => ({
      who: shown(who, 30),
      how,
      ms: latencyMs,
      says: milliseconds(latencyMs),
    }))
    if (values.filter((v) => v.how !== 'host').length < 2) return undefined
    return {
      caption: `One inference, by who says so: ${values.map((v) => `${v.who} ${v.says} (${v.how === 'host' ? 'a time of this host' : v.how})`).join('; ')}.`,
      spec: (width): Spec => ({
        width,
        height: { step: 30 },
        autosize: { type: 'fit-x', contains: 'padding' },
        data: { values },
        encoding: {
          y: { field: 'who', type: 'nominal', sort: null, title: null, axis: { ticks: false, domain: false, labelLimit: 140 } },
          x: { field: 'ms', type: 'quantitative', title: 'ms', axis: { tickCount: 5 } },
        },
        layer: [
          {
            mark: { type: 'bar' },
            encoding: {
              color: {
                field: 'how',
                type: 'nominal',
                title: null,
                scale: { domain: ['estimated', 'measured', 'host'], range: ['var(--c1)', 'var(--c3)', 'var(--c8)'] },
                legend: { orient: 'top' },
              },
            },
          },
          { mark: { type: 'text', align: 'left', dx: 4 }, encoding: { text: { field: 'says' } } },
        ],
      }),
    }
  },
}
