/** What a shell offers: bash itself is asked; the scripts of zsh and fish name the same commands and options. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { commands } from '../src/commands/index.ts'
import { stageNames } from '../src/pipeline.ts'
import { listTargets } from '../src/target/profiles/load.ts'
import { runCli } from './support/run-cli.ts'

const bash = ['/bin/bash', '/usr/bin/bash'].find(existsSync)
let file: string
beforeAll(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'peapod-completion-')), 'peapod.bash')
  const { code, out } = await runCli('completion', 'bash')
  expect(code).toBe(0)
  await writeFile(file, out)
})

/** As bash does at the tab key, with the cursor at the end of the last word. */
function offered(...words: string[]): string[] {
  const at = words.length - 1
  const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=${at}; _peapod peapod "\${COMP_WORDS[${at}]}" "\${COMP_WORDS[${at - 1}]}"; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync(bash!, ['--norc', '-uc', script, 'bash', file, ...words], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean)
}

test.skipIf(!bash)(`bash offers commands, options, and the words that they take${bash ? '' : ' (skipped: no bash)'}`, () => {
  expect(offered('peapod', '')).toEqual(expect.arrayContaining(Object.keys(commands)))
  expect(offered('peapod', 'de')).toEqual(['deploy', 'devices', 'device'])
  expect(offered('peapod', 'deploy', '--ta')).toEqual(['--target'])
  expect(offered('peapod', 'deploy', '--target', '')).toEqual(listTargets())
  expect(offered('peapod', 'deploy', '--until', '')).toEqual([...stageNames])
  expect(offered('peapod', 'init', '--ci', 'gi')).toEqual(['github', 'gitlab'])
  expect(offered('peapod', 'init', 't')).toEqual(['target'])
  expect(offered('peapod', 'targets', 'ethos-u55-1')).toEqual(['ethos-u55-128'])
  // A file comes next: bash offers those by itself.
  expect(offered('peapod', 'deploy', '--config', '')).toEqual([])
  expect(offered('peapod', 'nowhere', '--')).toEqual([])
})

test.skipIf(!bash)('each option that a command knows is offered, and no other', async () => {
  for (const name of Object.keys(commands)) {
    const { out } = await runCli(name, '--help')
    const known = [...out.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map((m) => m[1]!)
    for (const flag of known) expect(offered('peapod', name, flag), name).toContain(flag)
  }
})

test.each(['zsh', 'fish'])('%s is told the same', async (shell) => {
  const { out } = await runCli('completion', shell)
  for (const name of Object.keys(commands)) expect(out).toMatch(new RegExp(`(?:^|[ '])${name}[:) ]`, 'm'))
  expect(out).toContain(listTargets().join(' '))
  expect(out).toContain('worse')
  const program = ['/bin', '/usr/bin'].map((at) => `${at}/${shell}`).find(existsSync)
  if (!program) return console.log(`${shell} is not here: its script is not run`)
  const script = join(await mkdtemp(join(tmpdir(), 'peapod-completion-')), shell)
  await writeFile(script, out)
  execFileSync(program, ['-n', script])
  if (shell !== 'fish') return
  const said = execFileSync(program, ['--no-config', '-c', `source ${script}; complete -C 'peapod deploy --target ethos-u55-1'`], {
    encoding: 'utf8',
  })
  expect(said).toContain('ethos-u55-128')
})

test('another shell is refused', async () => {
  expect(await runCli('completion', 'ksh')).toMatchObject({ code: 2, err: expect.stringContaining('unknown-shell') })
})
