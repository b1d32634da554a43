/** `peapod train --init` through the command line: what it takes, lists, keeps and refuses. */
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCli } from '../support/run-cli.ts'
import { writeSmallSigns } from '../support/small-signs.ts'

test('train --init takes a run folder, lists what it drew, keeps the list; bad files are refused before anything is trained', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'peapod-begin-'))
  const data = await writeSmallSigns(join(folder, 'signs'), { train: 64, validation: 20, test: 20 })
  const words = (out: string, ...more: string[]) => {
    const set = ['network.use=ds-cnn', 'network.options.width=0.1', 'train.epochs=2', 'train.batchSize=32', ...more]
    return ['train', '--data', data, '--out', join(folder, out), ...set.flatMap((each) => ['--set', each])]
  }
  expect(await runCli(...words('a'))).toMatchObject({ code: 0 })
  const first = join(folder, 'a')
  const again = await runCli(...words('b'), '--init', first)
  expect(again).toMatchObject({ code: 0, err: expect.stringMatching(/begins with \d+ of \d+ layers of/) })
  const kept = JSON.parse(readFileSync(join(folder, 'b', 'train', 'init.json'), 'utf8'))
  expect(kept).toMatchObject({ source: first, by: 'name', drawn: [], sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect((await runCli(...words('b'), '--init', first)).err).toContain('(kept in')

  const other = await runCli(...words('c', 'network.options.width=0.2'), '--init', first)
  expect(other).toMatchObject({ code: 2, err: expect.stringContaining('init-matches-nothing') })
  const bytes = readFileSync(join(first, 'train', 'weights.bin'))
  const files = { half: bytes.subarray(0, bytes.length >> 1), later: Buffer.from(bytes.map((b, i) => (i === 8 ? 9 : b))) }
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, `${name}.bin`), content)
  await writeFile(join(folder, 'half.h5'), 'no HDF5')
  for (const [init, code] of [
    ['half.bin', 'checkpoint-damaged'],
    ['later.bin', 'checkpoint-version'],
    ['half.h5', 'not-hdf5'],
    ['none.h5', 'cannot-read'],
    ['half.txt', 'cannot-read'],
    ['signs', 'unknown-format'],
  ] as const) {
    const result = await runCli(...words('d'), '--init', join(folder, init))
    expect(result, init).toMatchObject({ code: 2, err: expect.stringContaining(code) })
    expect(result.err).toContain(join(folder, init))
    expect(existsSync(join(folder, 'd', 'data'))).toBe(false)
  }
}, 240_000)
