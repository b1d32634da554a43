/** Words of a deploy that takes seconds: a narrow network, few images, no gate on accuracy. */
export const smallSettings = [
  'train.epochs=1',
  'train.batchSize=16',
  'network.options.width=0.125',
  'quantise.calibration=20',
  'gates.int8Accuracy=null',
  'gates.accuracyDrop=null',
] as const

export const smallDeploy = (data: string, out: string): string[] => [
  ...['deploy', '--target', 'ethos-u55-128', '--data', data, '--out', out, '--threads', '1'],
  ...smallSettings.flatMap((s) => ['--set', s]),
]
