/** The machine-learning bill of materials of a run: CycloneDX 1.6, which its library for JavaScript writes without model cards. */
import type { Report } from '../report/define.ts'
import { jsonText } from '../report/writers/escape.ts'
import type { Provenance } from '../runs/manifest.ts'
import { knownLimits } from './limits.ts'
import type { Settings } from './settings.ts'

/** Packages by name at their exact versions. Without a time of writing: the same run gives the same bytes. */
export function mlBom(report: Report, provenance: Provenance, settings: Settings, packages: Readonly<Record<string, string>>): string {
  const { model, data, float, int8 } = report
  const splits = Object.entries(provenance.data?.splits ?? {})
  const libraries = Object.entries(packages).map(([name, version]) => ({
    type: 'library',
    'bom-ref': purl(name, version),
    name,
    version,
    purl: purl(name, version),
  }))
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(model.sha256)}`,
    version: 1,
    metadata: {
      tools: { components: [{ type: 'application', 'bom-ref': 'peapod', name: 'peapod', version: report.peapod }] },
      component: {
        type: 'machine-learning-model',
        'bom-ref': 'model',
        name: report.network,
        version: model.sha256.slice(0, 12),
        hashes: [{ alg: 'SHA-256', content: model.sha256 }],
        modelCard: {
          modelParameters: {
            approach: { type: 'supervised' },
            task: int8.iou ? 'semantic segmentation' : 'image classification',
            architectureFamily: 'convolutional neural network',
            modelArchitecture: settings.network.use,
            datasets: splits.map(([name]) => ({ ref: `data-${name}` })),
            inputs: [{ format: 'int8 image, channels last' }],
            outputs: [{ format: `int8 scores of ${data.classes.length} classes` }],
          },
          quantitativeAnalysis: {
            performanceMetrics: [
              ...(int8.meanIou === undefined ? [] : [{ type: 'mean IoU', value: `${int8.meanIou}`, slice: 'test, int8 file' }]),
              { type: 'accuracy', value: `${int8.accuracy}`, slice: 'test, int8 file' },
              { type: 'accuracy', value: `${float.accuracy}`, slice: 'test, float network' },
            ],
          },
          considerations: { technicalLimitations: knownLimits(report, provenance).map(({ id, says }) => `${id}: ${says}`) },
        },
        properties: Object.entries(facts(report, provenance, settings)).map(([name, value]) => ({ name: `peapod:${name}`, value })),
      },
    },
    components: [
      ...splits.map(([name, { count, sha256 }]) => ({
        type: 'data',
        'bom-ref': `data-${name}`,
        name: `${data.name} ${name}`,
        hashes: [{ alg: 'SHA-256', content: sha256 }],
        data: [{ type: 'dataset', name, description: `${count} images and their labels` }],
      })),
      ...libraries,
    ],
    dependencies: [
      { ref: 'model', dependsOn: splits.map(([name]) => `data-${name}`) },
      { ref: 'peapod', dependsOn: libraries.map((l) => l['bom-ref']) },
    ],
  }
  return jsonText(bom)
}

const facts = ({ target, seed }: Report, { calibration, compiler }: Provenance, { pea, quantise }: Settings): Record<string, string> => ({
  target,
  seed: `${seed}`,
  ensemble: `${pea.ensemble} ${pea.activation} ${pea.base}`,
  quantise: quantise.method,
  ...(calibration && { calibration: `${calibration.count} images, SHA-256 ${calibration.sha256}` }),
  ...(compiler !== undefined && { compiler }),
})

/** https://github.com/package-url/purl-spec: the @ of a scope is escaped. */
const purl = (name: string, version: string) => `pkg:npm/${name.replace('@', '%40')}@${version}`

/** Version 8 of RFC 9562: 122 bits of the model's own digest. */
const uuidOf = (digest: string): string =>
  digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, (_, a, b, c, d, e) => `${a}-${b}-8${c}-8${d}-${e}`)
