import { createHash } from 'node:crypto'
import catalogue from './control-catalogue.json' with { type: 'json' }

/** The controls that the product answers, as docs/controls has them. */
export const CONTROL_CATALOGUE = catalogue

/** What the documents of a version are told apart by. */
export interface OscalOccasion {
  readonly version: string
  readonly now: Date
}

/**
 * The catalogue as an OSCAL component definition: one component, this software; one implementation for each catalogue;
 * where it is done and which test proves it as properties.
 *
 * @see NIST OSCAL 1.1.2, component-definition model
 */
export function componentDefinition({ version, now }: OscalOccasion): object {
  return {
    'component-definition': {
      uuid: uuidOf(`definition ${catalogue.version} ${version}`),
      metadata: {
        title: 'UCanPay gateway: controls',
        'last-modified': now.toISOString(),
        version: catalogue.version,
        'oscal-version': '1.1.2',
      },
      components: [
        {
          uuid: uuidOf('component ucanpay-gateway'),
          type: 'software',
          title: 'UCanPay gateway',
          description: `An open, self-hosted payment gateway, version ${version}.`,
          'control-implementations': catalogue.catalogues.map(implementation),
        },
      ],
    },
  }
}

type Catalogue = (typeof catalogue.catalogues)[number]
type Control = Catalogue['controls'][number]

function implementation({ id, title, controls }: Catalogue): object {
  return {
    uuid: uuidOf(`implementation ${id}`),
    source: `docs/controls/${id}.md`,
    description: title,
    'implemented-requirements': controls.map((control) => requirement(id, control)),
  }
}

function requirement(catalogueId: string, { control, asks, where, tests, state }: Control): object {
  const named = (name: string, values: readonly string[]) => values.map((value) => ({ name, value }))
  return {
    uuid: uuidOf(`requirement ${catalogueId} ${control} ${asks}`),
    'control-id': controlIdOf(catalogueId, control),
    description: asks,
    props: [...named('state', [state]), ...named('implemented-in', where), ...named('proved-by', tests)],
  }
}

/** An OSCAL token begins with a letter and has no space: `pci-dss_8.3.4_8.3.6`. */
function controlIdOf(catalogueId: string, control: string): string {
  return `${catalogueId}_${control.replace(/[^0-9A-Za-z.-]+/g, '_')}`
}

/** The same thing has the same identifier in every bundle: version 5 of RFC 9562, by SHA-256 in place of SHA-1. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(`ucanpay/oscal/v1 ${name}`).digest('hex')
  const variant = ((parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
