/** Jenkins: a declarative Jenkinsfile. */
import { type CiFile, image, type Job, jobsOf } from './define.ts'

export const jenkins: CiFile = {
  name: 'jenkins',
  file: 'Jenkinsfile',
  write: (plan) => {
    const jobs = jobsOf(plan)
    const lines = [
      '// Written by peapod init. Exit code 1: a gate failed; 2: a file or option is wrong; 3: a device failed.',
      '// The workspace keeps the run folders: a stage whose inputs are unchanged is not done again.',
      'pipeline {',
      '  agent none',
      '  stages {',
      "    stage('deploy') {",
      `      agent { docker { image ${text(image)} } }`,
      '      steps {',
      `        sh ${text(plan.install)}`,
      ...jobs.map((job) => `        sh ${text(job.line)}`),
      ...(plan.device ? [`        stash name: 'runs', includes: ${text('runs/**')}`] : []),
      '      }',
      ...results(jobs),
      '    }',
      ...(plan.device
        ? [
            "    stage('device') {",
            `      agent { label ${text(plan.device.tag)} }`,
            '      steps {',
            "        unstash 'runs'",
            `        sh ${text(plan.install)}`,
            ...jobs.map((job) => `        sh ${text(job.deviceLine!)}`),
            '      }',
            ...results(jobs),
            '    }',
          ]
        : []),
      '  }',
      '}',
    ]
    return `${lines.join('\n')}\n`
  },
}

const results = (jobs: readonly Job[]): string[] => [
  '      post {',
  '        always {',
  ...jobs.flatMap(({ out }) => [
    `          junit testResults: ${text(`${out}/junit.xml`)}, allowEmptyResults: true`,
    `          archiveArtifacts artifacts: ${text(`${out}/**`)}, allowEmptyArchive: true`,
  ]),
  '        }',
  '      }',
]

/** A string of Groovy in which nothing is replaced. */
const text = (words: string): string => `'${words.replace(/[\\']/g, (c) => `\\${c}`)}'`
