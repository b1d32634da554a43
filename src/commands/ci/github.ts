/** GitHub Actions: .github/workflows/peapod.yml. */
import { type CiFile, image, jobsOf, scalar } from './define.ts'

export const github: CiFile = {
  name: 'github',
  file: '.github/workflows/peapod.yml',
  write: (plan) => {
    const lines = [
      '# Written by peapod init. Exit code 1: a gate failed; 2: a file or option is wrong; 3: a device failed.',
      'name: peapod',
      'on:',
      '  push:',
      '  pull_request:',
      'permissions:',
      '  contents: read',
      'jobs:',
      ...jobsOf(plan).flatMap((job) => [
        `  deploy-${job.name}:`,
        '    runs-on: ubuntu-latest',
        '    steps:',
        ...checkout,
        '      - uses: actions/cache@v4',
        '        with:',
        '          # What the stages made, by the digests of what they were made from: an unchanged stage is not done again.',
        `          path: ${scalar(job.out)}`,
        `          key: ${scalar(`peapod-${job.name}-\${{ github.sha }}`)}`,
        `          restore-keys: ${scalar(`peapod-${job.name}-`)}`,
        `      - run: ${scalar(plan.install)}`,
        `      - run: ${scalar(job.line)}`,
        ...results(job.out, job.name),
        ...(plan.device
          ? [
              `  device-${job.name}:`,
              `    needs: ${scalar(`deploy-${job.name}`)}`,
              `    runs-on: [self-hosted, ${scalar(plan.device.tag)}]`,
              '    steps:',
              ...checkout,
              '      - uses: actions/download-artifact@v4',
              '        with:',
              `          name: ${scalar(job.name)}`,
              `          path: ${scalar(job.out)}`,
              `      - run: ${scalar(plan.install)}`,
              `      - run: ${scalar(job.deviceLine!)}`,
              ...results(job.out, `${job.name}-device`),
            ]
          : []),
      ]),
    ]
    return `${lines.join('\n')}\n`
  },
}

const checkout = [
  '      - uses: actions/checkout@v4',
  '      - uses: actions/setup-node@v4',
  '        with:',
  `          node-version: ${scalar(image.replace('node:', ''))}`,
]

/** `report.md` is not there where the run stopped before its report. */
const results = (out: string, name: string): string[] => [
  '      - if: always()',
  `        run: ${scalar(`cat ${out}/report.md >> "$GITHUB_STEP_SUMMARY"; cat ${out}/annotations.txt`)}`,
  '      - if: always()',
  '        uses: actions/upload-artifact@v4',
  '        with:',
  `          name: ${scalar(name)}`,
  `          path: ${scalar(out)}`,
]
