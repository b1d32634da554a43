/** The arena over time: which tensor lies where, and when. */
import { shown } from '../writers/escape.ts'
import { bytes } from '../writers/words.ts'
import { type Chart, narrow, type Spec } from './define.ts'

const KIB = 1024

export const arena: Chart = {
  section: 'memory',
  title: 'Arena over time',
  of: ({ memory, estimate }) => {
    if (!memory?.tensors.length) return undefined
    const values = memory.tensors.map((t, i) => ({
      x: t.start,
      x2: t.end + 1,
      y: t.offset / KIB,
      y2: (t.offset + t.bytes) / KIB,
      tone: `${i % 4}`,
      name: shown(t.name, 16),
      bytes: t.bytes,
      span: t.end + 1 - t.start,
    }))
    const plan = memory.bytes === memory.lowerBound ? 'no plan is smaller' : `no plan is below ${bytes(memory.lowerBound)}`
    const other =
      memory.bytes === estimate.arenaBytes
        ? ''
        : ` The machine lays maps out its own way and needs ${bytes(estimate.arenaBytes)} by the estimate.`
    return {
      caption: `Feature maps of the file at their plain size: each block is a tensor, from the operator that writes it to the last that reads it. The plan takes ${bytes(memory.bytes)}; ${plan}.${other}`,
      spec: (width): Spec => ({
        width,
        height: 300,
        autosize: { type: 'fit-x', contains: 'padding' },
        data: { values },
        encoding: {
          x: {
            field: 'x',
            type: 'quantitative',
            title: 'operator',
            scale: { domain: [0, memory.steps], nice: false },
            axis: { tickMinStep: 1, grid: false },
          },
          y: {
            field: 'y',
            type: 'quantitative',
            title: 'address in KiB',
            axis: { tickCount: 6 },
          },
        },
        layer: [
          {
            mark: { type: 'rect', stroke: 'var(--ground)', strokeWidth: 1 },
            encoding: {
              x2: { field: 'x2' },
              y2: { field: 'y2' },
              color: {
                field: 'tone',
                type: 'nominal',
                scale: { range: ['var(--c1)', 'var(--c6)', 'var(--c4)', 'var(--c8)'] },
                legend: null,
              },
            },
          },
          {
            transform: [
              // A name is written where its block is wide and high enough for it.
              {
                filter: `datum.span / ${Math.max(1, memory.steps)} * ${width} > ${width < narrow ? 70 : 60} && datum.bytes > ${memory.bytes / 20}`,
              },
              { calculate: '(datum.x + datum.x2) / 2', as: 'mx' },
              { calculate: '(datum.y + datum.y2) / 2', as: 'my' },
            ],
            mark: { type: 'text', color: 'var(--ground)', fontSize: 10, limit: 100 },
            encoding: {
              x: { field: 'mx', type: 'quantitative' },
              y: { field: 'my', type: 'quantitative' },
              text: { field: 'name' },
            },
          },
        ],
      }),
    }
  },
}
