/** Draws a chart to SVG at the time of the report, so that the page needs no script and no network for it. */
import type { Config, compile as compileSpec } from 'vega-lite'
import { visible } from '../writers/escape.ts'
import type { Spec } from './define.ts'

const font = 'system-ui, sans-serif'

const config: Config = {
  aria: false,
  background: 'transparent',
  font,
  view: { stroke: null },
  axis: {
    labelColor: 'var(--dim)',
    titleColor: 'var(--dim)',
    gridColor: 'var(--line)',
    domainColor: 'var(--line)',
    tickColor: 'var(--line)',
    titleFontWeight: 'normal',
    titleFontSize: 12,
    labelFontSize: 11,
  },
  legend: { labelColor: 'var(--ink)', titleColor: 'var(--dim)', labelFontSize: 12, titleFontWeight: 'normal', titleFontSize: 12 },
  text: { color: 'var(--ink)', fontSize: 11 },
  rule: { color: 'var(--dim)' },
}

/** The library warns on the console of what it changed in a spec; a chart is looked at instead. */
const quiet: NonNullable<CompileOptions['logger']> = {
  level: () => quiet,
  error: () => quiet,
  warn: () => quiet,
  info: () => quiet,
  debug: () => quiet,
}
type CompileOptions = NonNullable<Parameters<typeof compileSpec>[1]>

/** The libraries take half a second to read: only who draws pays for them. */
export async function draw(spec: Spec): Promise<string> {
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')])
  const view = new View(parse(compile(spec, { config, logger: quiet }).spec), { renderer: 'none' })
  const svg = await view.toSVG()
  view.finalize()
  return visible(rounded(svg))
}

/** A hundredth of a pixel is enough: half of the picture's bytes are digits beyond it. Text between tags stays. */
const rounded = (svg: string): string =>
  svg.replace(/<[^>]+>/g, (tag) => tag.replace(/\d+\.\d{3,}/g, (n) => `${Number(Number(n).toFixed(2))}`))
