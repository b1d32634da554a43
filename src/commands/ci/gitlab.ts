/** GitLab CI: .gitlab-ci.yml. */
import { type CiFile, image, type Job, jobsOf, scalar } from './define.ts'

export const gitlab: CiFile = {
  name: 'gitlab',
  file: '.gitlab-ci.yml',
  write: (plan) => {
    const jobs = jobsOf(plan)
    const lines = [
      '# Written by peapod init. Exit code 1: a gate failed; 2: a file or option is wrong; 3: a device failed.',
      `image: ${scalar(image)}`,
      `stages: [deploy${plan.device ? ', device' : ''}]`,
      '',
      'default:',
      '  before_script:',
      `    - ${scalar(plan.install)}`,
      ...jobs.flatMap((job) => [
        '',
        `deploy-${job.name}:`,
        '  stage: deploy',
        '  cache:',
        '    # What the stages made, by the digests of what they were made from: an unchanged stage is not done again.',
        `    key: ${scalar(`peapod-${job.name}`)}`,
        '    when: always',
        `    paths: [${scalar(`${job.out}/`)}, ".npm/"]`,
        '  variables: { npm_config_cache: "$CI_PROJECT_DIR/.npm" }',
        '  script:',
        `    - ${scalar(job.line)}`,
        ...artifacts(job),
        ...(plan.device
          ? [
              '',
              `device-${job.name}:`,
              '  stage: device',
              `  needs: [${scalar(`deploy-${job.name}`)}]`,
              `  tags: [${scalar(plan.device.tag)}]`,
              `  resource_group: ${scalar(`device-${plan.device.tag}`)}`,
              '  # Exit code 3 is a cable, not the model: try again.',
              '  retry: { max: 1, exit_codes: [3] }',
              '  script:',
              `    - ${scalar(job.deviceLine!)}`,
              ...artifacts(job),
            ]
          : []),
      ]),
    ]
    return `${lines.join('\n')}\n`
  },
}

const artifacts = ({ out }: Job): string[] => [
  '  artifacts:',
  '    when: always',
  `    paths: [${scalar(`${out}/`)}]`,
  '    reports:',
  `      junit: ${scalar(`${out}/junit.xml`)}`,
  `      codequality: ${scalar(`${out}/gl-code-quality.json`)}`,
]
