/** `command:` words, files, and a program that fails. */
import { expect, test } from 'vitest'
import { openRunner } from '../src/device/open.ts'
import { argvOf } from '../src/device/runners/command/argv.ts'
import { command } from '../src/device/runners/command.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import { mobilenetInt8 } from './samples/mobilenet-int8.ts'

const paths = { model: '/t/a b; rm -rf "x"/$(y)', input: '/i', output: '/o', inputs: '/i', outputs: '/o', times: '/t' }
const fill = (uri: string) => argvOf(uri, command).fill(paths)

test('words split at spaces and quotes; what fills a placeholder stays one word', () => {
  expect(fill('command:./run.sh {model} --in={input} {output}')).toEqual(['./run.sh', paths.model, '--in=/i', '/o'])
  expect(fill('command:"my program" {model} {inputs} {outputs} "a; b" $HOME')).toEqual([
    'my program',
    paths.model,
    '/i',
    '/o',
    'a; b',
    '$HOME',
  ])
  expect(fill('command:["run me", "{model}", "{input}{output}", ""]')).toEqual(['run me', paths.model, '/i/o', ''])
})

test.each([
  'command: ',
  'command:run {model}',
  'command:run {model} {input} {outputs}',
  'command:run {model} {inputs} {output} {outputs}',
  'command:run {model} {input} {output} {secret}',
  'command:{model} {input} {output}',
  'command:-c {model} {input} {output}',
  'command:run "{model} {input} {output}',
  'command:["run", 3]',
  'command:[',
])('refuses %s', (uri) => {
  expect(() => argvOf(uri, command)).toThrow(expect.objectContaining({ code: 'bad-runner', exitCode: 2 }))
})

const model = writeTflite(mobilenetInt8({ extent: 8, width: 0.125 }))
async function outcome(uri: string) {
  const runner = await openRunner(uri, { timeoutMs: 10_000 })
  try {
    await runner.load(model)
    return await runner.invoke(new Uint8Array(2 * 192), 2)
  } finally {
    await runner.close()
  }
}
const script = (text: string) => `command:${JSON.stringify(['sh', '-c', text, 'it', '{model}', '{input}', '{output}', '{times}'])}`

test('files of one sample, the program’s own times', async () => {
  const { outputs, durationsMs } = await outcome(script('test -s "$1" && head -c 12 "$2" > "$3" && echo 1.5 > "$4"'))
  expect(outputs).toEqual(new Uint8Array(24))
  expect(durationsMs).toEqual([1.5, 1.5])
})

test.each([
  ['echo no such delegate >&2; exit 7', 'command-failed'],
  ['true', 'bad-output'],
  ['head -c 11 "$2" > "$3"; echo 1 > "$4"', 'bad-output'],
  ['head -c 12 "$2" > "$3"', 'bad-output'],
  ['head -c 12 "$2" > "$3"; echo soon > "$4"', 'bad-output'],
])('a program that does %j fails as a device does', async (text, code) => {
  await expect(outcome(script(text))).rejects.toMatchObject({ code, exitCode: 3 })
})

test('a program that is not there says so', async () => {
  await expect(outcome('command:/nowhere/program {model} {input} {output}')).rejects.toMatchObject({
    code: 'command-failed',
    message: expect.stringContaining('ENOENT'),
  })
})
