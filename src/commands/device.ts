/** `peapod device --serial tcp:PORT --model M`: a stand-in for a board. */

import { brokenExecutor } from '../device/stand-in/broken.ts'
import { firmware } from '../device/stand-in/firmware.ts'
import { servePty, serveTcp } from '../device/stand-in/serve.ts'
import { UserError } from '../errors.ts'
import type { CommandDef } from './define.ts'
import { readModel } from './model-file.ts'

type Options = { serial: string; model: string; break?: string; id: string; vendor: string }

export const device: CommandDef = (program, io) =>
  program
    .command('device')
    .description('stand in for a board: speak the MLPerf Tiny serial protocol and run a model with our executor')
    .requiredOption('--serial <place>', 'where it listens: tcp:PORT on this machine (0 takes a free port), or pty')
    .requiredOption('--model <file>', 'the .tflite in its firmware')
    .option('--break <op>', 'one operator answers wrongly')
    .option('--id <id>', 'the model’s id; ic01 and vww01 take unsigned pixels, ad01 float32', 'peapod')
    .option('--vendor <name>', 'the device’s name', 'peapod-stand-in')
    .action(async (options: Options) => {
      const place = /^tcp:(\d{1,5})$/.exec(options.serial)
      if (!place && options.serial !== 'pty')
        throw new UserError('bad-option', '--serial says where the stand-in listens', {
          found: options.serial,
          expected: 'tcp:PORT or pty',
        })
      const { graph } = await readModel(options.model)
      const start = () => firmware({ executor: brokenExecutor(graph, options.break), id: options.id, vendor: options.vendor })
      start()
      const served = await (place ? serveTcp(start, Number(place[1])) : servePty(start))
      io.out(`${served.uri}\n`)
      if (!io.signal.aborted) await new Promise<void>((resolve) => io.signal.addEventListener('abort', () => resolve(), { once: true }))
      await served.close()
    })
