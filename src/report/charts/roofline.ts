/** The roofline (Williams, Waterman, Patterson 2009): how near each layer comes to what the machine can do at most. */
import { layerRows } from '../layer-rows.ts'
import { type Chart, colours, narrow, type Spec } from './define.ts'

export const roofline: Chart = {
  section: 'layers',
  title: 'Roofline',
  of: (report) => {
    const { machine } = report
    if (!machine?.bytesPerCycle) return undefined
    const { macsPerCycle: peak, bytesPerCycle: rate } = machine
    const points = layerRows(report).flatMap((l) => {
      const bytes = l.terms.external === undefined ? (l.movedBytes ?? 0) : l.terms.external * rate
      return l.macs && l.cycles && bytes ? [{ x: l.macs / bytes, y: l.macs / l.cycles, bound: l.boundBy }] : []
    })
    if (points.length < 2) return undefined
    const ridge = peak / rate
    const xs = points.map((p) => p.x)
    const [low, high] = [Math.min(...xs, ridge) / 2, Math.max(...xs, ridge) * 2]
    const roof = [low, ridge, high].map((x) => ({ x, y: Math.min(peak, x * rate) }))
    const near = points.filter((p) => p.y >= 0.5 * Math.min(peak, p.x * rate)).length
    return {
      caption: `Each point is a layer: MACs for each byte from outside memory, against MACs in a cycle as estimated. The roof is what the profile gives the machine: ${peak} MACs a cycle, ${rate} bytes a cycle. ${near} of ${points.length} layers reach half of their roof; left of ${Number(ridge.toPrecision(3))} MACs a byte, memory is the roof.`,
      spec: (width): Spec => ({
        width,
        height: 300,
        autosize: { type: 'fit-x', contains: 'padding' },
        encoding: {
          x: {
            field: 'x',
            type: 'quantitative',
            title: 'MACs per byte',
            scale: { type: 'log', domain: [low, high], nice: false },
            axis: { tickCount: 4, format: '~g' },
          },
          y: { field: 'y', type: 'quantitative', title: 'MACs per cycle', scale: { type: 'log' }, axis: { tickCount: 4, format: '~g' } },
        },
        layer: [
          { data: { values: roof }, mark: { type: 'line', color: 'var(--ink)', strokeWidth: 1.5 } },
          {
            data: { values: points },
            mark: { type: 'point', filled: true, size: 50, opacity: 0.8 },
            encoding: {
              color: {
                field: 'bound',
                type: 'nominal',
                title: 'bound by',
                scale: { range: colours },
                legend: { orient: 'top', columns: width < narrow ? 2 : 6 },
              },
            },
          },
        ],
      }),
    }
  },
}
