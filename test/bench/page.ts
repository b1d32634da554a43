/** How long a browser takes to open the page of a network with 200 layers and 43 classes, and to draw it here; 1 s is the aim. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { html } from '../../src/report/writers/html.ts'
import { longReport } from '../samples/long-report.ts'

const program = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
)
const folder = await mkdtemp(join(tmpdir(), 'peapod-page-'))
const file = join(folder, 'page.html')
const started = performance.now()
const text = await html.write(longReport(200, 43))
console.log(
  `page of 200 layers: ${(Buffer.byteLength(text) / 1e6).toFixed(2)} MB, written in ${Math.round(performance.now() - started)} ms`,
)
await writeFile(file, text)
if (!program) console.log('no chromium here: opening is not measured')
else {
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] })
  const page = await browser.newPage()
  const took: number[] = []
  for (let i = 0; i < 9; i++) {
    await page.goto(pathToFileURL(file).href)
    took.push(await page.evaluate(() => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).loadEventEnd))
  }
  took.sort((a, b) => a - b)
  console.log(`opened in ${Math.round(took[4]!)} ms (median of 9; ${Math.round(took[0]!)} to ${Math.round(took[8]!)} ms)`)
  await browser.close()
}
await rm(folder, { recursive: true })
