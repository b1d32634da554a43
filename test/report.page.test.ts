/** The page in a real browser: Debian's chromium, or the program that CHROMIUM names. Skipped where there is none. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { html } from '../src/report/writers/html.ts'
import { longReport } from './samples/long-report.ts'

const program = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
)
const layers = 200
const hostile = `<img src="https://evil.example/x.png" onerror="window.caught=1"></script><script>window.caught=1</script>\u202e'"&`

test('a network of 200 layers and 100 classes, all charts, is under 1.5 MB and names no address', async () => {
  const said = await html.write(longReport(layers, 100))
  expect(Buffer.byteLength(said)).toBeLessThan(1_500_000)
  expect(/(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?\/\//i.test(said)).toBe(false)
  expect(said.match(/<figure>/g)).toHaveLength(9)
  expect(said.slice(0, said.indexOf('<script>')).match(/.{0,40}(?:NaN|undefined|Infinity)/)).toBeNull()
})

describe.skipIf(!program)(`in a browser${program ? '' : ' (skipped: no chromium on this machine)'}`, () => {
  let browser: Browser
  let folder: string
  const files: Record<string, string> = {}
  /** Of the long report, on a desk: most tests look at one page. */
  let shared: ReturnType<typeof open>
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'peapod-page-'))
    for (const [name, report] of Object.entries({
      long: longReport(layers, 43),
      hostile: longReport(12, 5, hostile),
      wordy: longReport(12, 5, 'x'.repeat(10_000)),
    })) {
      files[name] = join(folder, `${name}.html`)
      await writeFile(files[name], await html.write(report))
    }
    browser = await chromium.launch({ executablePath: program!, args: ['--no-sandbox'] })
    shared = open('long')
    await shared
  })
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** Opens a page; what it complains of and asks for comes back with it. */
  async function open(
    name: string,
    options: BrowserContextOptions = {},
  ): Promise<{ page: Page; complaints: string[]; requests: string[] }> {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    const [complaints, requests]: [string[], string[]] = [[], []]
    page.on('console', (m) => void (['error', 'warning'].includes(m.type()) && complaints.push(m.text())))
    page.on('pageerror', (e) => void complaints.push(e.message))
    page.on('request', (r) => void requests.push(r.url()))
    await page.goto(pathToFileURL(files[name]!).href)
    return { page, complaints, requests }
  }
  const column = (page: Page, index: number) => page.locator(`#layers tbody tr:not([hidden]) td:nth-child(${index})`).allTextContents()

  test('opens with no complaint and no request', async () => {
    const { page, complaints, requests } = await shared
    expect(complaints).toEqual([])
    expect(requests).toEqual([pathToFileURL(files.long!).href])
    expect(await page.locator('header .word').textContent()).toBe('✗ FAIL')
  })

  test('the layer table sorts by pointer and by keyboard, numbers as numbers, and says so', async () => {
    const { page } = await shared
    const at = (await page.locator('#layers thead th').allTextContents()).findIndex((t) => t.trim() === 'cycles') + 1
    const head = page.locator(`#layers thead th:nth-child(${at})`)
    const numbers = async () => (await column(page, at)).map((t) => Number(t.replaceAll(',', '')))
    await head.locator('button').click()
    expect(await head.getAttribute('aria-sort')).toBe('descending')
    const down = await numbers()
    expect(down).toEqual([...down].sort((a, b) => b - a))
    await head.locator('button').focus()
    await page.keyboard.press('Enter')
    expect(await head.getAttribute('aria-sort')).toBe('ascending')
    expect(await numbers()).toEqual([...down].reverse().sort((a, b) => a - b))
    await page.locator('#layers thead th:nth-child(2) button').click()
    expect(await head.getAttribute('aria-sort')).toBeNull()
    expect(await column(page, 2)).toEqual([...(await column(page, 2))].sort((a, b) => a.localeCompare(b)))
  })

  test('the filter takes words and what bounds a layer, and counts', async () => {
    const { page } = await shared
    await page.locator('#find').fill('ADD layer')
    expect(await page.locator('#count').textContent()).toBe('67 of 200 layers')
    await page.locator('#bound').selectOption('external')
    const shown = await column(page, 3)
    expect(shown.length).toBeGreaterThan(5)
    expect(new Set(shown)).toEqual(new Set(['add']))
    expect(await page.locator('#count').textContent()).toBe(`${shown.length} of 200 layers`)
  })

  test.each(['hostile', 'wordy'])('%s names stay text', async (name) => {
    const { page, complaints, requests } = await open(name, { viewport: { width: 360, height: 700 } })
    expect(await page.evaluate(() => (window as unknown as { caught?: number }).caught)).toBeUndefined()
    expect(await page.locator('img, script').count()).toBe(1)
    expect([complaints, requests.length]).toEqual([[], 1])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  })

  test('fits a telephone, with pictures made for it', async () => {
    const { page } = await open('long', { viewport: { width: 360, height: 700 } })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    expect(await page.locator('figure .phone').first().isVisible()).toBe(true)
    expect(await page.locator('figure .wide').first().isVisible()).toBe(false)
  })

  test.each(['light', 'dark'] as const)('text and lines stand out in %s', async (colorScheme) => {
    const { page } = await shared
    await page.emulateMedia({ colorScheme })
    const ratios = await page.evaluate(() => {
      const style = getComputedStyle(document.documentElement)
      const luminance = (name: string) => {
        const hex = style
          .getPropertyValue(name)
          .trim()
          .replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3')
        const [r, g, b] = [1, 3, 5]
          .map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255)
          .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
      }
      const ratio = (a: string, b: string) => {
        const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p) as [number, number]
        return (x + 0.05) / (y + 0.05)
      }
      const text = ['--ink', '--dim', '--link', '--pass', '--warn', '--fail'].map((n) => [n, ratio(n, '--panel')] as const)
      const lines = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => [`--c${n}`, ratio(`--c${n}`, '--ground')] as const)
      return { text, lines }
    })
    for (const [name, ratio] of ratios.text) expect(ratio, name).toBeGreaterThanOrEqual(4.5)
    for (const [name, ratio] of ratios.lines) expect(ratio, name).toBeGreaterThanOrEqual(3)
  })

  test('is read in order by the keyboard, and prints whole', async () => {
    const { page } = await open('long')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('To the gates')
    const inside = await page.evaluate(() => [...document.querySelectorAll('figure [role=img]')].every((e) => e.getAttribute('aria-label')))
    expect(inside).toBe(true)
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)')
    const clipped = await page.evaluate(() => {
      const box = document.querySelector('.layers')!
      return box.scrollHeight - box.clientHeight
    })
    expect(clipped).toBeLessThanOrEqual(1)
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(50_000)
  })
})
