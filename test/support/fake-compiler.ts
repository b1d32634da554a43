/** A small program that stands for a vendor's compiler: prints and writes what a test wants to see understood, or not. */
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type Fake = {
  /** What `--version` prints. */
  readonly version: string
  readonly stdout?: string
  readonly stderr?: string
  readonly exitCode?: number
  /** Never ends. */
  readonly hangs?: boolean
  /** Files that it writes into its output folder. */
  readonly files?: Readonly<Record<string, string>>
  /** The name under which it writes the model as it got it. */
  readonly copies?: string
  /** The option that names the output folder. */
  readonly folderOption?: string
}

/** Writes it into `folder` and returns its path. It notes its arguments in `arguments.json` beside itself. */
export function fakeCompiler(folder: string, name: string, fake: Fake): string {
  const path = join(folder, name)
  const program = `#!${process.execPath}
const fake = ${JSON.stringify({ folderOption: '--output-dir', stdout: '', stderr: '', exitCode: 0, files: {}, ...fake })}
const fs = require('node:fs'), path = require('node:path')
const words = process.argv.slice(2)
if (words[0] === '--version') console.log(fake.version)
else if (fake.hangs) setInterval(() => {}, 1000)
else {
  fs.writeFileSync(path.join(__dirname, 'arguments.json'), JSON.stringify(words))
  const out = words[words.indexOf(fake.folderOption) + 1]
  for (const [name, text] of Object.entries(fake.files)) fs.writeFileSync(path.join(out, name), text)
  if (fake.copies) fs.copyFileSync(words[0], path.join(out, fake.copies))
  process.stdout.write(fake.stdout)
  process.stderr.write(fake.stderr)
  process.exitCode = fake.exitCode
}
`
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }') // whatever stands in a folder above
  writeFileSync(path, program)
  chmodSync(path, 0o755)
  return path
}

const system = 'Ethos_U55_High_End_Embedded'

/** What Vela 5 leaves behind for a network of two layers, the second on the CPU, cut to the columns that matter and some others. */
export const velaFiles = {
  [`model_summary_${system}.csv`]: [
    'experiment,network,accelerator_configuration,core_clock,feature_map_storage_area,sram_memory_used,total_npu_encoded_weights,cycles_total',
    'default,model,Ethos_U55_128,500000000.0,SRAM,72.734375,205200,353931',
  ].join('\n'),
  'model_per-layer.csv': [
    'Original Operator,NNG Operator,Target,Staging Usage,Peak% (Staging),Op Cycles,Name',
    'Conv2D,Conv2D,NPU,46320,62.19,15121,"a,b"',
    'Conv2D,Relu,NPU,0,0.0,0,"a,b"',
    'Mean,Passthrough,CPU,0,NaN,0,y',
    '',
  ].join('\n'),
  'model_vela.tflite': 'compiled',
}

export const velaStdout = '\nNetwork summary for model\n\nCPU operators = 1 (33.3%)\nNPU operators = 2 (66.7%)\n'

export const edgetpuLog = `Edge TPU Compiler version 16.0.384591198
Started a compilation timeout timer of 180 seconds.

Model compiled successfully in 1042 ms.

Input model: model.tflite
Input size: 1.00MiB
Output model: model_edgetpu.tflite
Output size: 1.20MiB
On-chip memory used for caching model parameters: 1.50MiB
On-chip memory remaining for caching model parameters: 5.00MiB
Off-chip memory used for streaming uncached model parameters: 512.00B
Number of Edge TPU subgraphs: 1
Total number of operations: 8
Operation log: model_edgetpu.log

Model successfully compiled but not all operations are supported by the Edge TPU. A percentage of the model will instead run on the CPU.
Number of operations that will run on Edge TPU: 5
Number of operations that will run on CPU: 3

Operator                       Count      Status

CONV_2D                        4          Mapped to Edge TPU
ADD                            1          Mapped to Edge TPU
LOGISTIC                       2          More than one subgraph is not supported
MEAN                           1          Operation not supported
`
