/** The subcommands in the order of the help: one line each. A command's code is read only when it is called, or listed. */
import type { CommandDef } from './define.ts'

export const commands: Readonly<Record<string, () => Promise<CommandDef>>> = {
  deploy: async () => (await import('./deploy.ts')).deploy,
  train: async () => (await import('./train.ts')).train,
  experiment: async () => (await import('./experiment.ts')).experiment,
  quantise: async () => (await import('./quantise.ts')).quantise,
  check: async () => (await import('./check.ts')).check,
  simulate: async () => (await import('./simulate.ts')).simulate,
  execute: async () => (await import('./execute.ts')).execute,
  evaluate: async () => (await import('./evaluate.ts')).evaluate,
  run: async () => (await import('./run.ts')).run,
  verify: async () => (await import('./verify.ts')).verify,
  devices: async () => (await import('./devices.ts')).devices,
  device: async () => (await import('./device.ts')).device,
  export: async () => (await import('./export.ts')).exportCommand,
  inspect: async () => (await import('./inspect.ts')).inspect,
  reproduce: async () => (await import('./reproduce.ts')).reproduce,
  'verify-manifest': async () => (await import('./verify-manifest.ts')).verifyManifest,
  compare: async () => (await import('./compare.ts')).compare,
  baseline: async () => (await import('./baseline.ts')).baseline,
  runs: async () => (await import('./runs.ts')).runs,
  clean: async () => (await import('./clean.ts')).clean,
  evidence: async () => (await import('./evidence.ts')).evidence,
  init: async () => (await import('./init.ts')).init,
  targets: async () => (await import('./targets.ts')).targets,
  doctor: async () => (await import('./doctor.ts')).doctor,
}
