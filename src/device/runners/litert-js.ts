/** `litert-js:` LiteRT without Python: XNNPACK in WASM, in a Node of its own. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { DeviceError } from '../../errors.ts'
import type { RunnerKind } from '../define.ts'
import { badRunner } from './bad-runner.ts'
import { conditionsHere } from './conditions.ts'
import { floatEdges } from './litert-js/float-edges.ts'
import { litertJsProgram } from './litert-js/program.js.ts'
import { connect } from './python/connect.ts'

const name = '@litertjs/core'

/** In the user's folder first. */
function installed(): string | undefined {
  for (const from of [join(process.cwd(), 'package.json'), import.meta.url])
    try {
      return createRequire(from).resolve(name)
    } catch {
      // the next
    }
  return undefined
}

const lack = { what: `${name} is not installed`, hint: `npm install ${name}` }

export const litertJs: RunnerKind = {
  scheme: 'litert-js',
  says: 'litert-js:  LiteRT.js in a Node of its own, one image at a time: needs @litertjs/core, no Python',
  list: async () => ['litert-js:'],
  missing: async () => (installed() ? undefined : lack),
  open: async (uri, options) => {
    if (uri !== 'litert-js:') throw badRunner(uri, litertJs)
    const entry = installed()
    if (!entry) throw new DeviceError('runtime-missing', lack.what, { hint: lack.hint })
    const program = litertJsProgram(entry, join(dirname(dirname(entry)), 'wasm'))
    const command = { uri, start: (code: string) => ({ argv: [process.execPath, '--input-type=module', '-e', code] }) }
    const facts = { kernels: 'xnnpack', threads: '1' }
    const runner = connect(command, { program, howToGet: lack.hint }, {}, facts, options)
    let edges: ReturnType<typeof floatEdges> | undefined
    return {
      ...runner,
      conditions: conditionsHere,
      describe: async () => {
        const { facts: told, ...rest } = await runner.describe()
        const how = 'with a QUANTIZE and a DEQUANTIZE at its edges, since this runtime takes no int8; they are in its times'
        return { ...rest, facts: { ...told, ...(edges?.added && { file: how }) } }
      },
      load: (model) => {
        edges = floatEdges(model)
        return runner.load(edges.file)
      },
      invoke: async (inputs, count) => {
        const { outputs, durationsMs } = await runner.invoke(edges!.forth(inputs), count)
        return { durationsMs, outputs: edges!.back(outputs, count) }
      },
    }
  },
}
